"""The texts of the interface: found in the sources by their calls, and kept in one catalogue a language.

``python -m ui.texts`` brings both catalogues up to date with the sources. Texts are found in the syntax tree, so a call
inside an f-string counts like any other.
"""

import ast
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from settings import LANGUAGES, ROOT, Language
from ui.locales import CATALOGUES, SOURCE_LANGUAGE

SOURCES = ("app.py", "ui", "pages")
DEFINITIONS = Path("ui/locales.py")  # passes texts on by variable
ARGUMENTS = {"_": 1, "gettext": 1, "ngettext": 2}  # how many leading arguments are texts

_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

TextId = str | tuple[str, str]


@dataclass(frozen=True)
class Text:
    """A Finnish source text, or its singular and plural, and the files that use it (paths from the root)."""

    id: TextId
    files: tuple[str, ...]


def source_texts(root: Path = ROOT) -> list[Text]:
    """Every text of the interface, by the first file that uses it and its place there.

    Raises ValueError for a text that is not written out in the call: no catalogue could hold it.
    """
    files: dict[TextId, list[str]] = {}
    for path in _modules(root):
        name = path.relative_to(root).as_posix()
        for text in texts_in(path.read_text(encoding="utf-8"), name):
            if name not in files.setdefault(text, []):
                files[text].append(name)
    return [Text(text, tuple(names)) for text, names in files.items()]


def texts_in(source: str, name: str) -> list[TextId]:
    """Texts of one module in order of appearance."""
    found: list[TextId] = []
    for call in _calls(ast.parse(source)):
        function = call.func
        word = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        if word not in ARGUMENTS:
            continue
        leading = call.args[: ARGUMENTS[word]]
        forms = [a.value for a in leading if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if len(forms) != ARGUMENTS[word]:
            raise ValueError(f"{name}:{call.lineno}: a text must be written out in the call to {word}")
        found.append(forms[0] if len(forms) == 1 else (forms[0], forms[1]))
    return found


def read_catalogue(language: Language) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def translation(catalogue: Catalog, text: TextId) -> tuple[str, ...]:
    """The forms a catalogue has for a text: one, or two of a counted text; empty while any of them is missing."""
    message = catalogue.get(text)
    if message is None or not message.string or isinstance(message.id, str) != isinstance(text, str):
        return ()
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return forms if all(forms) else ()


def update(language: Language, texts: list[Text]) -> list[TextId]:
    """Write the catalogue with exactly these texts, keeping its translations; returns those without one."""
    known = read_catalogue(language)
    fresh = Catalog(locale=language)
    missing: list[TextId] = []
    for text in texts:
        forms = translation(known, text.id)
        if not forms:
            missing.append(text.id)
            forms = ("",) if isinstance(text.id, str) else ("", "")
        fresh.add(text.id, forms[0] if len(forms) == 1 else forms, locations=[(name, 0) for name in text.files])
    body = io.BytesIO()
    write_po(body, fresh, width=0, omit_header=True, include_lineno=False)
    written = _HEADER.format(language=language).encode() + body.getvalue().strip() + b"\n"
    (CATALOGUES / f"{language}.po").write_bytes(written)
    return missing


def _modules(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = root / name
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        yield from (module for module in found if module != root / DEFINITIONS)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls in reading order: positions inside f-strings differ between versions of Python, nesting does not."""
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)


def main() -> None:
    texts = source_texts()
    for language in LANGUAGES:
        if language != SOURCE_LANGUAGE:
            missing = update(language, texts)
            print(f"{language}: {len(texts)} texts, {len(missing)} without a translation")
            for text in missing:
                print(f"  {text}")


if __name__ == "__main__":
    main()
