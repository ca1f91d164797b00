"""Tests of the indicators' pages, API and desk."""
