# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import gzip
import json

import pytest

from labelwise.datasets_scripts.own_data.json_documents import (
    ends_in_first_line,
    read_json,
    read_json_lines,
    read_values,
)
from labelwise.datasets_scripts.own_data.options import FileOptions
from labelwise.errors import UserInputError

OBJECTS = [{"text": 'a "quote", [a list] and {braces}', "labels": ["x"]}, {"text": "é\u2028\n", "labels": []}, {}]


def write(folder, content, name="a.json", encoding="utf-8"):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


def read(file, told=()):
    """Return the objects of a file, in which nothing else than `told` is detected."""
    lines = []
    rows = [row for _, row in read_json(file, FileOptions(), lines.append)]
    assert lines == [*told]
    return rows


LAYOUTS = {
    "lines": "".join(json.dumps(row) + "\n" for row in OBJECTS),
    "array": json.dumps(OBJECTS),
    "array of lines": "[" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in OBJECTS) + "]\n",
    "indented array": json.dumps(OBJECTS, indent=2, ensure_ascii=False),
    "indented objects": "\n".join(json.dumps(row, indent=4) for row in OBJECTS),
    "blank lines": "\n \n" + "\n\n".join(json.dumps(row) for row in OBJECTS) + "\n\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_layouts_are_recognised_by_the_first_bytes(tmp_path, layout, encoding):
    assert read(write(tmp_path, LAYOUTS[layout], encoding=encoding)) == OBJECTS


@pytest.mark.parametrize("layout", ["array", "indented objects"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_file_of_lines_that_contains_none_is_told(tmp_path, layout, name):
    content = LAYOUTS[layout].encode()
    file = write(tmp_path, gzip.compress(content) if name.endswith("gz") else content, name)
    kind = "one array of objects" if layout == "array" else "objects of several lines each"
    assert read(file, told=[f"{file}: is read as {kind}, not as one object per line"]) == OBJECTS


def test_places_are_lines_or_items(tmp_path):
    lines = write(tmp_path, '{"text": "x"}\n\n{"text": "y"}\n')
    array = write(tmp_path, '[{"text": "x"},\n{"text": "y"}]', "b.json")
    places = [[where for where, _ in read_json(file, FileOptions(), pytest.fail)] for file in (lines, array)]
    assert places == [[f"{lines} line 1", f"{lines} line 3"], [f"{array} item 1", f"{array} item 2"]]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_values_come_in_pieces_of_any_length(layout, size):
    text = LAYOUTS[layout]
    assert list(read_values((text[i : i + size] for i in range(0, len(text), size)), "here")) == OBJECTS


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("value", [{"a": 1.5e-3, "b": [True, None, -12]}, {"ä": '\\"\\u00e9\\n'}, [], "x", True, None])
def test_values_of_all_kinds(value, size):
    text = f"[ {json.dumps(value)} , {json.dumps(value)} ] "
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    assert list(read_values(pieces, "here")) == [value, value]


def test_an_object_is_given_before_the_rest_is_read():
    def pieces():
        yield '[{"text": "x"}, {"te'
        pytest.fail("read too far")

    assert next(read_values(pieces(), "here")) == {"text": "x"}


def test_an_empty_array_has_no_documents(tmp_path):
    assert read(write(tmp_path, " [ ] ")) == []
    assert read(write(tmp_path, "")) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"text": "x"}\n{"text": \n', "line 2: broken JSON"),
        ('{"text": "x"} {"text": "y"}\n', "line 1: broken JSON"),
        ('{"text": "x"\n{"text": "y"}\n', "line 1: broken JSON"),
        ('{"text": "x"}\n["y"]\n', "line 2: a JSON list, not an object; write one object per line, or one array"),
        ('"x"\n', "line 1: a JSON str, not an object"),
        ("no JSON\n", "line 1: broken JSON"),
        ('[{"text": "x"}, "y"]', "item 2: a JSON str, not an object"),
        ('[{"text": "x"}, {"text" "y"}, {"text": "z"}]', "item 2: broken JSON"),
        ('[{"text": "x"}, {"text": "y"', "item 2: broken JSON"),
        ('[{"text": "x"},', r"broken JSON \(the array has no end\)"),
        ('[{"text": "x"}', r"broken JSON \(the array has no end\)"),
        ('[{"text": "x"}] [{"text": "y"}]', r"broken JSON \(text after the end of the array\)"),
        ('[{"text": "x"},, {"text": "y"}]', "item 2: broken JSON"),
        ('{\n"text": "x"\n}\n{\n"text" "y"}', "item 2: broken JSON"),
        ("[" * 100_000, "item 1: broken JSON"),
    ],
)
def test_broken_files(tmp_path, content, message):
    file = write(tmp_path, content)
    with pytest.raises(UserInputError, match=rf"a\.json:? {message}") as error:
        read(file)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ('{"text": "x"}', True),
        ('{"text": "x"}\n{', True),
        ('{\n"text": "x"}', False),
        ('{"text": "x",\n"labels": []}', False),
        ('{"labels": [\n"x"]}', False),
        ('{"text": "as long as what is kno', True),
        ('{"text" "broken"}\n{"text": "y"}', True),
    ],
)
def test_whether_the_first_line_is_a_value(start, ends):
    assert ends_in_first_line(start) is ends


@pytest.mark.parametrize("layout", ["{}\n", "[{}]", '[{{"text": "b"}}, {}]'])
@pytest.mark.parametrize("row", ['{"text": "a", "text": "b"}', '{"text": "a", "labels": {"x": 1, "x": 0}}'])
def test_keys_that_occur_twice(tmp_path, layout, row):
    path = tmp_path / "a.json"
    path.write_text(layout.format(row))
    with pytest.raises(UserInputError, match=r"(line|item) [12]: broken JSON \(the key '(text|x)' occurs twice\)"):
        list(read_json(path, FileOptions(), lambda line: None))


def test_lines_come_one_at_a_time():
    lines = iter([(1, '{"text": "x"}\n'), (2, "broken\n")])
    rows = read_json_lines(lines, "here")
    assert next(rows) == ("here line 1", {"text": "x"})
    with pytest.raises(UserInputError, match="here line 2: broken JSON"):
        next(rows)


def test_a_first_line_that_is_nested_too_deep(tmp_path):
    with pytest.raises(UserInputError, match=r"a\.json line 1: broken JSON \(maximum recursion depth"):
        read(write(tmp_path, '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}\n"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"text": "x"}\n{"text": "y"\n', "line 2: broken JSON (Expecting ',' delimiter at character 13); write one"),
        ('{"text": "x"}\n{"text": "y"} 7\n', "line 2: broken JSON (Extra data at character 15); write one"),
        ('[{"text": "x"},\n{"text" "y"}]', "item 2: broken JSON (Expecting ':' delimiter); write one"),
    ],
)
def test_broken_json_has_one_place(tmp_path, content, told):
    file = write(tmp_path, content)
    with pytest.raises(UserInputError) as error:
        read(file)
    assert str(error.value).startswith(f"{file} {told}")
