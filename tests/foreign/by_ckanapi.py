"""Harvests the catalogue with ckanapi, unchanged, as a portal does; says as JSON what came. Run by another Python."""

import json
import sys

from ckanapi import NotFound, RemoteCKAN

if __name__ == "__main__":
    with RemoteCKAN(sys.argv[1]) as portal:
        names = portal.action.package_list()
        package = portal.action.package_show(id="celje-off-street-parking")
        try:
            portal.action.package_show(id="nowhere")
        except NotFound:
            missing = True
        told = {
            "version": portal.action.status_show()["ckan_version"].split(".")[0],
            "listed": package["name"] in names,
            "title": package["title"],
            "urls": [each["url"] for each in package["resources"]],
            "found": portal.action.package_search(q="garaža", fq="organization:celje")["count"] > 0,
            "cities": portal.action.organization_list(),
            "missing": missing,
        }
    with RemoteCKAN(sys.argv[1], get_only=True) as portal:
        told["by GET"] = portal.action.package_show(id=package["id"])["name"]
    print(json.dumps(told))
