# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Every command that writes to a folder leaves one alone to which another process writes, and says so in one line."""

import json

import labelwise_cli as cli
import pytest
from filelock import lock_descriptor
from labelwise_cli.parsing import OPTIONS_FILE

from labelwise import MultiLabelClassifier
from labelwise.errors import UserInputError
from labelwise.runs.locking import LOCK_NAME

from ...cli.test_streams import TABLE
from ...tiny_corpus import TINY

ROWS = [
    ("train", f"DATA {TINY} --output_dir OUT"),
    ("train", f"DATA {TINY} --overwrite --output_dir OUT"),
    ("train", f"DATA {TINY} --resume --output_dir OUT"),
    ("add-labels", "DATA --labels new --model_name_or_path MODEL --output_dir OUT"),
    ("add-labels", "--labels new --model_name_or_path MODEL --output_dir OUT"),
    ("compare", "DATA --models br --output_dir OUT"),
    ("pretrain-encoder", "DATA --output_dir OUT"),
    ("quickstart", "--output_dir OUT"),
    ("reproduce", "TABLE --output_dir OUT"),
    ("tune-thresholds", "DATA --model_name_or_path OUT"),
    ("calibrate", "DATA --model_name_or_path OUT"),
    ("export", "--model_name_or_path MODEL --output_dir OUT"),
    ("evaluate", "DATA --model_name_or_path MODEL --report OUT"),
    ("explain", "--model_name_or_path MODEL --text money --output_dir OUT"),
    ("audit", "DATA --output_dir OUT"),
    ("figure label-correlation", "DATA --output_dir OUT"),
    ("datasets", "support_tickets --to_parquet OUT"),
]
FOLDERS = {"output_dir", "to_parquet", "report"}


@pytest.fixture
def busy(tmp_path):
    """A folder that another process has locked, as far as can be seen."""
    folder = tmp_path / "out"
    folder.mkdir()
    with (folder / LOCK_NAME).open("w") as lock:
        assert lock_descriptor(lock.fileno())
        lock.write("4321")
        lock.flush()
        yield folder


def test_every_command_with_a_folder_has_a_row():
    commands = json.loads(OPTIONS_FILE.read_text("utf-8"))["commands"]
    writing = {name for name, part in commands.items() if FOLDERS & {entry["name"] for entry in part["options"]}}
    assert {name.split()[0] for name in writing} <= {name.split()[0] for name, _ in ROWS}


@pytest.mark.parametrize(("command", "options"), ROWS)
def test_one_line(busy, model, data, capsys, tmp_path, command, options):
    table = tmp_path / "tiny.toml"
    table.write_text(TABLE.replace("DATA", data))
    places = {"DATA": data, "OUT": str(busy), "MODEL": str(model), "TABLE": str(table)}
    words = " ".join(places.get(word, word) for word in options.split())
    capsys.readouterr()
    assert cli.main(f"{command} {words}".split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{busy}: process 4321 is writing to this folder; wait until it has ended" in err.splitlines()[-1]
    assert [path.name for path in busy.iterdir()] == [LOCK_NAME]


def test_python(busy):
    with pytest.raises(UserInputError, match="process 4321 is writing"):
        MultiLabelClassifier("br", output_dir=str(busy)).fit(["a b", "c d"] * 9, [["x"], ["y"]] * 9)
