# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Texts and outputs of `predict`, `evaluate` and `explain` that are odd or wrong: refused in one line, or answered."""

import io
import json
import os
import shlex
import signal
import sys
import threading
from pathlib import Path

import labelwise_cli as cli
import pytest

from ..tiny_corpus import WORDS, write_jsonl
from .input_faults import OPTIONS, REFUSED, TEXTS
from .test_readers import NOTICES, ids

SYSTEMS = ["lw-lstm", "br"]


@pytest.fixture(scope="session")
def linear(data, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("linear") / "br"
    options = "--min_frequency 1 --min_df 1 --tune_thresholds none"
    assert cli.main(f"train --model br {data} {options} --output_dir {folder}".split()) == 0
    return folder


@pytest.fixture(params=SYSTEMS)
def either(request, model, linear) -> Path:
    """The folder of a trained model of each kind."""
    return {"lw-lstm": model, "br": linear}[request.param]


@pytest.fixture(scope="session")
def with_tokens(data, bert, tmp_path_factory) -> Path:
    """A model that takes known labels."""
    folder = tmp_path_factory.mktemp("tokens") / "lm-mtc"
    options = f"--encoder {bert} --max_steps 2 --tune_thresholds none"
    assert cli.main(f"train --model lm-mtc {data} {options} --output_dir {folder}".split()) == 0
    return folder


@pytest.fixture
def three(tmp_path) -> Path:
    return write_jsonl(tmp_path / "three.jsonl", [{"id": n, "text": text} for n, text in enumerate(["", "soup", "x"])])


def check_answers(text: str, number: int | None, texts: list[str] | None = None) -> None:
    """There is one answer a line, as JSON with finite scores, and none for empty texts."""
    rows = [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]
    assert len(rows) == number
    for row in rows:
        assert {*row["labels"]} <= {*WORDS}
        assert all(0 <= score <= 1 for score in row.get("scores", {}).values())


@pytest.mark.parametrize("case", TEXTS, ids=ids)
def test_predict(ends_well, either, tmp_path, case):
    content, number, name, options = TEXTS[case]
    path = tmp_path / name
    path.write_bytes(content)

    def check(told: str) -> None:
        if "--format csv" in options:
            assert len(told.splitlines()) == number + 1 and "\n=" not in told and ",=" not in told
        else:
            check_answers(told.replace("\u2028", " "), number)

    command = ["predict", "--model_name_or_path", str(either), "--input", str(path), *shlex.split(options)]
    told = ends_well(command, None if number is REFUSED else check, NOTICES)
    assert told is None or name in told or options


@pytest.mark.parametrize("case", [case for case in TEXTS if not TEXTS[case].options], ids=ids)
def test_predict_standard_input(ends_well, model, monkeypatch, case):
    """Refused or answered as the file is, but for what only the suffix of a name tells."""
    content, number, name, _ = TEXTS[case]
    stream = io.BufferedReader(io.BytesIO(content))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
    file_format = {"txt": "text", "gz": "text"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    if file_format in ("zip", "png"):
        file_format = "text"
    command = f"predict --model_name_or_path {model} --input - --input_format {file_format}"
    ends_well(command, lambda told: number is REFUSED or check_answers(told, number), NOTICES)


@pytest.mark.parametrize("options", OPTIONS, ids=ids)
def test_predict_options(ends_well, either, three, monkeypatch, options):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b""))))
    given = "" if "--input" in options else f"--input {three}"
    number = OPTIONS[options]
    command = f"predict --model_name_or_path {either} {given} {options}"
    ends_well(command, None if number is REFUSED else (lambda told: check_answers(told, number)), NOTICES)


KNOWN = {
    "a list of a name": ('["bank"]', 3),
    "an empty list": ("[]", 3),
    "an object": ('{"bank": true, "food": false}', 3),
    "an object of 0 and 1": ('{"bank": 1, "food": 0}', 3),
    "a list in a string": ("\"['bank']\"", 3),
    "null": ("null", REFUSED),
    "7": ("7", REFUSED),
    "a name": ('"bank"', REFUSED),
    "a label that is none": ('["nosuch"]', REFUSED),
    "a label of another case": ('["Bank"]', REFUSED),
    "an object of a label that is none": ('{"nosuch": true}', REFUSED),
    "an object of strings": ('{"bank": "yes"}', REFUSED),
    "an object of null": ('{"bank": null}', REFUSED),
    "an object of lists": ('{"bank": []}', REFUSED),
    "a list of numbers": ("[1]", REFUSED),
    "a list of lists": ('[["bank"]]', REFUSED),
    "a list of objects": ('[{"bank": true}]', REFUSED),
    "a list of null": ("[null]", REFUSED),
    "half a surrogate": (r'["\ud800"]', REFUSED),
    "nested 480": ("[" * 480 + "]" * 480, REFUSED),
    "nested 900": ("[" * 900 + "]" * 900, REFUSED),
    "a label twice": ('["bank", "bank"]', 3),
}


@pytest.mark.parametrize("case", KNOWN, ids=ids)
def test_known_labels(ends_well, with_tokens, tmp_path, case):
    value, number = KNOWN[case]
    path = tmp_path / "known.jsonl"
    path.write_text('{"text": "x", "known": []}\n' * 2 + f'{{"text": "x", "known": {value}}}\n')

    def check(told: str) -> None:
        check_answers(told, number)
        found = json.loads(told.splitlines()[-1])
        assert ("bank" in found["labels"]) or value == "[]"

    command = f"predict --model_name_or_path {with_tokens} --input {path} --known_labels_column known"
    told = ends_well(command, None if number is REFUSED else check)
    assert told is None or "known.jsonl line 3: " in told


OUTPUTS = {  # whether it is written
    "out.jsonl": True,
    "out.csv": True,
    "out.parquet": True,
    "link": True,
    "/dev/null": True,
    "/dev/stdout": True,
    "/dev/full": False,
    "folder": False,
    ".": False,
    "": False,
    " ": True,
    "nosuch/out.jsonl": False,
    "file/out.jsonl": False,
    "loop": False,
    "out.xlsx": False,
    "out.tsv": False,
    "out.jsonl.gz": False,
    "/proc/out.jsonl": False,
    "/proc/self/nosuch": False,
    "/sys/out.jsonl": False,
    "/dev/nosuch/out": False,
    "/dev/fd/999": False,
    "x" * 255: True,
    "x" * 256: False,
    "x/" * 3000: False,
    "é" * 200: False,
    "a\nb": True,
    "-": True,
}


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: ids(output) or "empty")
def test_output_file(ends_well, either, three, tmp_path, output):
    Path("folder").mkdir()
    Path("file").write_text("x")
    Path("link").symlink_to("target")
    Path("loop").symlink_to("loop")

    def check(told: str) -> None:
        written = Path("target" if output == "link" else output)
        if output == "/dev/stdout":
            check_answers(told, 3)
            return
        assert told == ""
        if not output.startswith("/") and not output.endswith((".csv", ".parquet")):
            check_answers(written.read_text(), 3)
        assert Path("link").is_symlink() and Path("/dev/null").is_char_device()

    command = ["predict", "--model_name_or_path", str(either), "--input", str(three), "--output_file", output]
    ends_well(command, check if OUTPUTS[output] else None, NOTICES)


@pytest.mark.parametrize("output", [output for output in OUTPUTS if not output.startswith("/dev/std")], ids=ids)
def test_output_file_of_evaluate(ends_well, model, files, output):
    Path("folder").mkdir()
    Path("file").write_text("x")
    Path("link").symlink_to("target")
    Path("loop").symlink_to("loop")
    command = ["evaluate", "--model_name_or_path", str(model), "--test_file", str(files / "test.jsonl")]
    ends_well([*command, "--output_file", output], json.loads, NOTICES)


def test_fifo_whose_reader_is_late(ends_well, model, three, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    read = []
    reader = threading.Timer(0.5, lambda: read.append((tmp_path / "fifo").read_text()))
    reader.start()
    ends_well(f"predict --model_name_or_path {model} --input {three} --output_file {tmp_path / 'fifo'}", str, NOTICES)
    reader.join()
    check_answers(read[0], 3)


def test_fifo_whose_reader_leaves(ends_well, model, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "texts.txt").write_text("money\n" * 5000)  # more than a pipe holds
    reader = threading.Thread(target=lambda: open(tmp_path / "fifo").close())
    reader.start()
    command = f"predict --model_name_or_path {model} --input {tmp_path / 'texts.txt'}"
    told = ends_well(f"{command} --output_file {tmp_path / 'fifo'}", notices=NOTICES)
    assert "fifo cannot be written: Broken pipe" in told
    reader.join()


@pytest.mark.parametrize("option", ["--input texts.txt --output_file fifo", "--input fifo"])
def test_fifo_without_another_end(capfd, model, tmp_path, monkeypatch, option):
    """As every program does, it waits for the other end, and can be interrupted."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("fifo")
    Path("texts.txt").write_text("money\n")

    def interrupt(*_) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(signal, "default_int_handler", interrupt)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        assert cli.main(f"predict --model_name_or_path {model} {option}".split()) == 130
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert capfd.readouterr().err.splitlines()[-1] == "labelwise predict: interrupted"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fifo", "texts.txt"]


COMMANDS = {
    "predict": "predict --model_name_or_path MODEL --input -",
    "explain": "explain --model_name_or_path MODEL --text - --output_dir out",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_closed_standard_input(ends_well, either, monkeypatch, command):
    monkeypatch.setattr("sys.stdin", None)  # what Python makes of `<&-`
    assert "standard input" in ends_well(COMMANDS[command].replace("MODEL", str(either)), notices=NOTICES)


PRINTING = {
    "predict": "predict --model_name_or_path MODEL --input THREE",
    "evaluate": "evaluate --model_name_or_path MODEL --test_file TEST",
    "explain": "explain --model_name_or_path MODEL --text money --output_dir out",
    "datasets": "datasets --train_file TEST",
    "help": "predict --help",
}


@pytest.mark.parametrize("command", PRINTING)
@pytest.mark.parametrize("stream", [None, "/dev/full"], ids=["closed", "full"])
def test_standard_output_that_takes_nothing(capfd, model, three, files, monkeypatch, tmp_path, command, stream):
    """Python has no standard output after `>&-`; a full disk is told."""
    monkeypatch.chdir(tmp_path)
    argv = PRINTING[command].replace("MODEL", str(model)).replace("THREE", str(three))
    stdout = None if stream is None else open(stream, "w")
    monkeypatch.setattr("sys.stdout", stdout)
    code = cli.main(argv.replace("TEST", str(files / "test.jsonl")).split())
    monkeypatch.undo()
    told = capfd.readouterr().err
    assert "Traceback" not in told
    assert code == 2 and told.splitlines()[-1].startswith(f"labelwise {argv.split()[0]}: error: ")


EVALUATED = {
    "a split that is none": ("--split nosuch", "SOUND"),
    "a split that is not given": ("--split validation", "SOUND"),
    "a metric that is none": ("--metrics nosuch", "SOUND"),
    "a metric twice": ("--metrics lrap lrap", "SOUND"),
    "no documents in a batch": ("--batch_size 0", "SOUND"),
    "a report in a file": ("--report SOUND", "SOUND"),
    "a report in /dev/null": ("--report /dev/null", "SOUND"),
    "a report in /proc": ("--report /proc/report", "SOUND"),
    "an empty name for a report": ("--report ''", "SOUND"),
    "a corpus too": ("--dataset aapd", "SOUND"),
    "an unseen label": ("", '{"text": "x", "labels": ["nosuch"]}'),
    "a label of another case": ("", '{"text": "x", "labels": ["Bank"]}'),
    "an id that is none": ("", '{"text": "x", "labels": [99]}'),
    "an unseen label as a miss": ("--unseen_labels miss", '{"text": "x", "labels": ["nosuch"]}'),
    "an unseen label left out": ("--unseen_labels ignore", '{"text": "x", "labels": ["nosuch"]}'),
    "all labels unknown": ("", '{"text": "x", "labels": [], "unknown_labels": ["bank", "food", "sport"]}'),
    "no labels": ("", '{"text": "x", "labels": []}'),
    "labels missing": ("", '{"text": "x"}'),
    "labels null": ("", '{"text": "x", "labels": null}'),
    "labels 7": ("", '{"text": "x", "labels": 7}'),
    "text missing": ("", '{"labels": ["bank"]}'),
    "text 7": ("", '{"text": 7, "labels": ["bank"]}'),
    "text blank": ("", '{"text": "", "labels": ["bank"]}'),
    "text invisible": ("", '{"text": "\u200b", "labels": ["bank"]}'),
    "text of 1 MB": ("", '{"text": "' + "money " * 170_000 + '", "labels": ["bank"]}'),
    "half a surrogate": ("", r'{"text": "\ud800", "labels": ["bank"]}'),
    "a broken line": ("", '{"text": '),
    "nothing": ("", ""),
    "other columns": ("--text_column body", '{"text": "x", "labels": ["bank"]}'),
    "a threshold": ("--threshold 0.5", '{"text": "x", "labels": ["bank"]}'),
}


@pytest.mark.parametrize("case", EVALUATED, ids=ids)
def test_evaluate(ends_well, either, files, tmp_path, case):
    options, row = EVALUATED[case]
    path = tmp_path / "test.jsonl"
    path.write_text((files / "test.jsonl").read_text() if row == "SOUND" else row and f"{row}\n", "utf-8")

    def check(told: str) -> None:
        found = json.loads(told, parse_constant=pytest.fail)
        assert all(0 <= value <= 1 for value in found.values() if isinstance(value, float))

    options = options.replace("SOUND", str(path))
    command = f"evaluate --model_name_or_path {either} --test_file {path}".split()
    ends_well([*command, *shlex.split(options)], check, NOTICES)


EXPLAINED = {
    "empty": "",
    "blank": " \t",
    "one word": "money",
    "an unknown word": "zyzzyva",
    "signs": "?!.,;",
    "NUL from a file": "a\0b",
    "lines": "money\n\nloan\r\nball",
    "invisible": "\u200b\u202emoney\u2066",
    "marks": "e" + "\u0301" * 1000,
    "emoji": "👩‍👩‍👧‍👦 money \U0001f1e9\U0001f1ea",
    "ideographs": "银行贷款利息",
    "markup": "<script>alert(1)</script> <img src=x onerror=alert(1)> money &amp;",
    "TeX": r"$\nosuch{ money $ ^ _ % \\",
    "a formula": "=cmd|' /C calc'!A0 money",
    "100 KB": "money " * 17_000,
    "a word of 100 KB": "m" * 100_000,
}


@pytest.mark.parametrize("case", EXPLAINED, ids=ids)
def test_explain(ends_well, either, tmp_path, case):
    path = tmp_path / "text.txt"
    path.write_text(EXPLAINED[case], "utf-8", newline="")

    def check(told: str) -> None:
        found = json.loads(told, parse_constant=pytest.fail)
        assert all(Path(file).is_file() for file in found["files"])
        json.loads(Path("out/explanation.json").read_text("utf-8"), parse_constant=pytest.fail)
        assert not any(line.startswith(("=", '"=')) for line in Path("out/explanation.csv").read_text("utf-8").split(","))
        page = Path("out/explanation.html").read_text("utf-8")
        assert "<script>alert" not in page and "<img src=x" not in page

    ends_well(f"explain --model_name_or_path {either} --text_file {path} --output_dir out", check, NOTICES)


EXPLAIN_OPTIONS = {
    "a label that is none": "--text money --output_dir out --labels nosuch",
    "a blank label": "--text money --output_dir out --labels ''",
    "no text": "--output_dir out",
    "two texts": "--text money --text_file text.txt --output_dir out",
    "no file": "--text_file nosuch --output_dir out",
    "a folder as a file": "--text_file . --output_dir out",
    "no UTF-8": "--text_file no-utf-8.txt --output_dir out",
    "UTF-16": "--text_file utf-16.txt --output_dir out",
    "an empty name of a file": "--text_file '' --output_dir out",
    "no output": "--text money",
    "an empty output": "--text money --output_dir ''",
    "output in a file": "--text money --output_dir text.txt",
    "output below a file": "--text money --output_dir text.txt/out",
    "output in /dev/null": "--text money --output_dir /dev/null",
    "output in /proc": "--text money --output_dir /proc/out",
    "output with a long name": f"--text money --output_dir {'x' * 300}",
    "output with a long path": f"--text money --output_dir {'x/' * 3000}",
    "output in a loop": "--text money --output_dir loop",
}


@pytest.mark.parametrize("case", EXPLAIN_OPTIONS, ids=ids)
def test_explain_options(ends_well, either, case):
    Path("text.txt").write_text("money")
    Path("no-utf-8.txt").write_bytes(b"\xff\xfemoney")
    Path("utf-16.txt").write_bytes("money".encode("utf-16"))
    Path("loop").symlink_to("loop")
    assert ends_well(["explain", "--model_name_or_path", str(either), *shlex.split(EXPLAIN_OPTIONS[case])])
