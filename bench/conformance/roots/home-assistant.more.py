# Prints what the integrations of our configuration need, as Home Assistant's manifests name it: it
# would install that itself at its first start, from a registry that no container here reaches.
import json
import pathlib

import homeassistant

CONFIGURED = [
    "default_config",
    "automation",
    "lovelace",
    "mqtt",
    "notify",
    "onboarding",
    "prometheus",
    "recorder",
    "rest",
    "rest_command",
    "scene",
    "script",
    # Set up by the page when a home is new.
    "backup",
    "met",
    "radio_browser",
    "shopping_list",
    "google_translate",
]

folder = pathlib.Path(homeassistant.__file__).parent / "components"
waiting = list(CONFIGURED)
seen = set()
needed = set()
while waiting:
    domain = waiting.pop()
    file = folder / domain / "manifest.json"
    if domain in seen or not file.exists():
        continue
    seen.add(domain)
    manifest = json.loads(file.read_text())
    needed.update(manifest.get("requirements", []))
    waiting += manifest.get("dependencies", [])
print("-c", folder.parent / "package_constraints.txt")
print("\n".join(sorted(needed)))
