# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents in files of their own: a folder per class, or labels in a file beside each text."""

from pathlib import Path

from .made_up import (
    NAMES,
    TEST,
    TRAIN,
    Row,
    evaluate,
    labels_of,
    listening,
    load,
    new_classifier,
    refused,
    texts_of,
    train,
)


def write(folder: Path, rows: list[Row], unlabelled: str | None = None) -> Path:
    """Write each document into the folder of each of its labels, those without labels into that of `unlabelled`."""
    for number, row in enumerate(rows):
        for label in row.labels or ([unlabelled] if unlabelled else []):
            (folder / label).mkdir(parents=True, exist_ok=True)
            (folder / label / f"{number:03}.txt").write_text(f"{row.text}\n", "utf-8")
    return folder


def detected(folder: Path, names: str = ", ".join(NAMES)) -> str:
    return f"{folder}: each file is read as one text, whose label is its folder: {names} (input_format sets it)"


def expected(rows: list[Row]) -> dict[str, tuple[list[str], list[str]]]:
    return {f"{row.text}\n": (row.labels, []) for row in rows if row.labels}


def test_the_same_name_in_several_folders_is_a_document_with_several_labels(command, tmp_path):
    folder = write(tmp_path / "train", TRAIN)
    assert {path.name for path in folder.iterdir()} == {*NAMES}
    with listening() as told:
        assert load(folder) == expected(TRAIN)
    assert told == [detected(folder)]
    with listening() as told:
        assert load(folder, input_format="folder") == expected(TRAIN)
    assert told == []


def test_both_doors(command, tmp_path):
    """Documents without labels stand in no class folder: here, there are none."""
    rows = [[row for row in part if row.labels] for part in (TRAIN, TEST)]
    folders = [write(tmp_path / f"{len(part)}", part) for part in rows]
    model = train(command, tmp_path, folders[0])
    assert model.names == NAMES and model.printed["validation"]["micro_f1"] == 1.0
    measured = evaluate(command, model.folder, folders[1])
    assert measured["micro_f1"] == measured["subset_accuracy"] == 1.0
    told = command("predict", "--model_name_or_path", str(model.folder), "--input", str(folders[1]))
    assert told.status == 0, told.errors
    classifier = new_classifier().fit(folders[0])
    assert classifier.predict(texts_of(rows[1])) == [row.labels for row in rows[1]]
    assert classifier.evaluate(folders[1]) == measured


def test_different_texts_of_one_name_are_different_documents(tmp_path):
    folder = write(tmp_path / "train", TRAIN)
    (folder / "tax" / "003.txt").write_text("another text about income and levy")
    assert TRAIN[3].labels == ["law", "tax"]
    with listening() as told:
        found = load(folder)
    assert found == expected(TRAIN) | {
        f"{TRAIN[3].text}\n": (["law"], []),
        "another text about income and levy": (["tax"], []),
    }
    assert told == [
        detected(folder),
        f"{folder}: 1 file name is in several class folders with different texts, and read as different documents",
    ]


def test_hidden_files_and_empty_folders(tmp_path):
    folder = write(tmp_path / "train", TRAIN)
    (folder / ".git").mkdir()
    (folder / "tax" / ".DS_Store").write_bytes(b"\x00\xff")
    (folder / "empty").mkdir()
    with listening() as told:
        assert load(folder) == expected(TRAIN)
    assert told == [
        f"{folder}/empty: contains no file, so no document has the label 'empty'",
        detected(folder, "empty, health, law, tax"),
    ]


def test_what_is_refused(command, tmp_path):
    folder = write(tmp_path / "train", TRAIN)
    (folder / "README.md").write_text("About these files.")
    assert "contains files and folders, such as the file 'README.md'; a" in refused(command, tmp_path, folder)
    (folder / "README.md").unlink()
    (folder / "tax" / "more").mkdir()
    assert f"{folder}/tax/more: is a folder inside a class folder" in refused(command, tmp_path, folder)
    (folder / "tax" / "more").rmdir()
    (folder / "tax" / "scan.txt").write_bytes(b"caf\xe9")
    assert f"{folder}/tax/scan.txt: it is not UTF-8" in refused(command, tmp_path, folder)


def test_the_encoding_is_set(tmp_path):
    folder = write(tmp_path / "train", TRAIN)
    (folder / "tax" / "scan.txt").write_bytes(b"caf\xe9")
    assert load(folder, encoding="cp1252")["café"] == (["tax"], [])


# Other layouts: the recipes of the documentation, through the front door


def test_a_text_and_a_cats_file_per_document(tmp_path, monkeypatch):
    """As in the Enron mails: a line per label, with its two numbers and how many annotators chose it."""
    numbers = {"health": "1,2", "law": "1,11", "tax": "4,3"}
    monkeypatch.chdir(tmp_path)
    for folder, rows in {"mails": TRAIN, "others": TEST}.items():
        Path(folder).mkdir()
        for number, row in enumerate(rows):
            Path(folder, f"{number:03}.txt").write_text(row.text)
            Path(folder, f"{number:03}.cats").write_text("".join(f"{numbers[label]},2\n" for label in row.labels))

    files = sorted(Path("mails").glob("*.txt"))
    texts = [file.read_text("utf-8") for file in files]
    lines = [file.with_suffix(".cats").read_text("utf-8").split() for file in files]
    labels = [[line.rpartition(",")[0] for line in of_file] for of_file in lines]
    classifier = new_classifier().fit(texts, labels)

    assert classifier.classes_.tolist() == ["1,11", "1,2", "4,3"]
    assert classifier.predict(texts_of(TEST)) == [sorted(numbers[label] for label in row.labels) for row in TEST]


def test_a_text_and_an_ann_file_per_document(tmp_path, monkeypatch):
    """As brat writes them: a line per annotation, with its id, its label with the place, and the words there."""
    monkeypatch.chdir(tmp_path)
    Path("letters").mkdir()
    for number, row in enumerate(TRAIN):
        lines = [f"T{i}\t{label} 0 5\t{row.text[:5]}\n" for i, label in enumerate([*row.labels, *row.labels[:1]], 1)]
        lines += ["#1\tAnnotatorNotes T1\tsure\n" for _ in row.labels[:1]]
        Path(f"letters/{number:03}.txt").write_text(row.text)
        Path(f"letters/{number:03}.ann").write_text("".join(lines))

    files = sorted(Path("letters").glob("*.txt"))
    texts = [file.read_text("utf-8") for file in files]
    lines = [file.with_suffix(".ann").read_text("utf-8").splitlines() for file in files]
    labels = [[line.split()[1] for line in of_file if line.startswith("T")] for of_file in lines]
    classifier = new_classifier().fit(texts, labels)

    assert classifier.classes_.tolist() == NAMES
    assert classifier.predict(texts_of(TEST)) == labels_of(TEST)
