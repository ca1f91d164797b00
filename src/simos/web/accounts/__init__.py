"""Sign-in and account pages: allauth's, in our shell and words, and as whom one acts. Grants no rights."""
