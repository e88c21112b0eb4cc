# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.own_data.delimited import find_delimiter, has_quotes, header_cells, read_delimited
from labelwise.datasets_scripts.own_data.options import FileOptions
from labelwise.errors import UserInputError


def write(folder, content, name="a.csv", encoding="utf-8"):
    file = folder / name
    file.write_bytes(content.encode(encoding))
    return file


def read(file, told=(), **options):
    """Return the rows of a file, of which nothing else than `told` is detected."""
    lines = []
    rows = [row for _, row in read_delimited(file, FileOptions(**options), ("text", "labels"), lines.append)]
    assert lines == [f"{file}: {line}" for line in told]
    return rows


@pytest.mark.parametrize(("delimiter", "name"), [(";", "a semicolon"), ("\t", "a tab"), ("|", "|")])
def test_the_delimiter_is_detected_and_told(tmp_path, delimiter, name):
    file = write(tmp_path, f"text{delimiter}labels\none, two, three{delimiter}a\n")
    rows = [{"text": "one, two, three", "labels": "a"}]
    assert read(file, [f"the cells are read as separated by {name} (delimiter sets it)"]) == rows
    assert read(file, delimiter=delimiter) == rows


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.tsv", "A.TSV", "a.tab"])
def test_the_usual_delimiter_of_a_suffix_is_not_told(tmp_path, name):
    delimiter = "\t" if name[2:].lower() in ("tsv", "tab") else ","
    assert read(write(tmp_path, f"text{delimiter}labels\nx{delimiter}a\n", name)) == [{"text": "x", "labels": "a"}]


def test_a_comma_in_a_tsv_file_is_told(tmp_path):
    file = write(tmp_path, "text,labels\nx,a\n", "a.tsv")
    told = ["the cells are read as separated by a comma (delimiter sets it)"]
    assert read(file, told) == [{"text": "x", "labels": "a"}]


def test_columns_decide_before_the_number_of_cells():
    assert find_delimiter("text;a,b,c,d\n", ["text"], ",") == ";"
    assert find_delimiter("a,b;c;d\n", ["text"], ",") == ";"
    assert find_delimiter("a b\n", ["text"], "\t") == "\t"
    assert find_delimiter('"text;x";labels\n', ["labels"], ",") == ";"


def test_cells_of_a_header():
    assert header_cells('a, "b" ,"c,\nd"\nx', ",") == ["a", '"b"', "c,\nd"]
    assert header_cells("", ",") == []


def test_tab_separated_quotes_that_do_not_enclose_cells(tmp_path):
    file = write(tmp_path, 'text\tlabels\n"Fine" he said\ta\n"open\tb\n', "a.tsv")
    told = ["double quotes are read as part of the text (quoting sets it)"]
    assert [row["text"] for row in read(file, told)] == ['"Fine" he said', '"open']


def test_tab_separated_quotes_that_enclose_cells(tmp_path):
    file = write(tmp_path, 'text\tlabels\n"two\nlines"\ta\n"a ""quote"""\tb\n', "a.tsv")
    assert [row["text"] for row in read(file)] == ["two\nlines", 'a "quote"']


def test_quoting_is_as_given(tmp_path):
    file = write(tmp_path, 'text\tlabels\n"one"\ta\n', "a.tsv")
    assert [row["text"] for row in read(file)] == ["one"]
    assert [row["text"] for row in read(file, quoting="none")] == ['"one"']
    with pytest.raises(UserInputError, match="line 2: not well-formed CSV"):
        read(write(tmp_path, 'text\tlabels\n"Fine" he said\ta\n', "b.tsv"), quoting="standard")


def test_only_a_quote_at_the_start_of_a_cell_tells_the_quoting(tmp_path):
    assert has_quotes(write(tmp_path, 'text\tlabels\n5" pipe\ta\n'), "\t", None)  # either reading gives the same
    assert not has_quotes(write(tmp_path, 'text\tlabels\n"5" pipe\ta\n'), "\t", None)


def test_lines_that_end_with_a_carriage_return_alone(tmp_path):
    with pytest.raises(UserInputError, match=r"a\.csv: its lines end with a carriage return alone; save it with"):
        read(write(tmp_path, "text,labels\rx,a\r"))


def test_delimiter_of_a_file_in_utf16(tmp_path):
    file = write(tmp_path, "text\tlabels\r\ncafé\ta\r\n", "a.txt", "utf-16")
    told = ["the cells are read as separated by a tab (delimiter sets it)"]
    assert read(file, told) == [{"text": "café", "labels": "a"}]


def test_places(tmp_path):
    file = write(tmp_path, 'text,labels\n"x\ny",a\nz,b\n')
    places = [where for where, _ in read_delimited(file, FileOptions(), ["text"], pytest.fail)]
    assert places == [f"{file} line 2", f"{file} line 4"]


def test_a_first_line_that_is_no_header(tmp_path):
    told = r"a\.csv line 1: no column 'text'; there are: It crashes\., bug \(the first line is read as the header"
    with pytest.raises(UserInputError, match=told):
        read(write(tmp_path, "It crashes.,bug\nRefund me!,billing\n"))


@pytest.mark.parametrize("start", ["sep=;", "\ufeffSEP=;", "sep=\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_first_line_for_excel(tmp_path, start, end):
    told = r"a\.csv line 1: '(sep|SEP)=(;|\\t)' is read by Excel only; delete this line$"
    with pytest.raises(UserInputError, match=told):
        read(write(tmp_path, f"{start}{end}text;labels{end}x;a{end}"))
