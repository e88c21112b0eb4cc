# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What `mkdocs build` does beyond its plugins: generated pages, links to files beside `docs/`, and a last check."""

import re
import tempfile
from configparser import ConfigParser
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from reference_pages import OPTIONS, api_pages, command_pages, make_pages

import labelwise

ROOT = Path(__file__).parents[1]
PROJECT = {"AGENTS.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"}


@event_priority(100)  # before mkdocstrings reads its settings
def on_config(config: MkDocsConfig) -> None:
    """List the generated pages in the navigation, and show mkdocstrings the package as it is installed."""
    config.plugins["mkdocstrings"].config.handlers["python"]["paths"] = [lay_out_package()]
    generated = {"COMMANDS": command_pages(), "API": api_pages()}
    lab = {f"lab/{path.name}": "" for path in sorted((ROOT / "docs/lab").glob("*.md"))}
    _fill(config.nav, {**generated, "LAB": lab})


def _fill(nav: list, pages: dict[str, dict[str, str]]) -> None:
    for part in nav:
        for title, content in part.items() if isinstance(part, dict) else ():
            if isinstance(content, list):
                _fill(content, pages)
            elif content in pages:
                part[title] = list(pages[content])


def lay_out_package() -> str:
    """Link the modules of the checkout as `setup.cfg` installs them, for mkdocstrings, which reads files."""
    folder = Path(tempfile.mkdtemp(prefix="labelwise-docs-"))
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    lines = setup["options"]["package_dir"].strip().splitlines()
    sources = {package.strip(): path.strip() for package, path in (line.split("=") for line in lines)}
    for package in setup["options"]["packages"].split():
        links = folder / package.replace(".", "/")
        links.mkdir(parents=True, exist_ok=True)
        for path in (ROOT / sources.get(package, package.replace(".", "/"))).glob("*.py"):
            (links / path.name).symlink_to(path)
        if not (links / "__init__.py").exists():
            (links / "__init__.py").touch()
    return str(folder)


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the generated pages, and those of the project that are beside `docs/`."""
    for path, text in make_pages().items():
        files.append(File.generated(config, path, content=text))
    for name in sorted(PROJECT):
        text = (ROOT / name).read_text("utf-8").replace("](docs/", "](../")
        files.append(File.generated(config, f"project/{name}", content=text))


def on_page_markdown(markdown: str, page: object, **_: object) -> str:
    """Point links to the project's files beside `docs/` to their copies."""
    names = "|".join(map(re.escape, PROJECT))
    up = "../" * page.file.src_uri.count("/")
    return re.sub(rf"\]\((?:\.\./)*({names})(#[^)]*)?\)", rf"]({up}project/\1\2)", markdown)


def on_page_content(html: str, page: object, **_: object) -> str:
    """Show the types of docstrings, which are in backticks as in transformers, as code without them."""
    if not page.file.src_uri.startswith("reference/api/"):
        return html
    return re.sub(r"<code>[^<]*</code>", lambda code: code[0].replace("`", "").replace("*optional*", "optional"), html)


def on_post_build(config: MkDocsConfig) -> None:
    """Check that each public name and each option is on a page.

    Raises:
        PluginError: One is missing.
    """
    reference = Path(config.site_dir, "reference")
    api = "".join(path.read_text("utf-8") for path in reference.glob("api/*.html"))
    missing = []
    for name in labelwise.__all__:
        public = getattr(labelwise, name)
        if f'id="{public.__module__}.{public.__qualname__}"' not in api:
            missing.append(name)
    for command, parts in OPTIONS["commands"].items():
        page = (reference / "commands" / f"{command.split()[0]}.html").read_text("utf-8")
        flags = [entry["flags"][0] if "flags" in entry else entry["name"] for entry in parts["options"]]
        missing += [f"{command} {flag}" for flag in flags if f"<code>{flag}</code>" not in page]
    if missing:
        raise PluginError(f"no page documents: {', '.join(missing)}")
