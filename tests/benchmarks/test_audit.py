# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What the audit finds of planted faults, on a small corpus."""

import json

import pytest

from benchmarks import audit_report
from benchmarks.audit import main
from labelwise.analysis import label_errors


@pytest.mark.slow
def test_faults_of_the_tickets(tmp_path, capsys, monkeypatch):
    pytest.importorskip("cleanlab", reason="label errors need the extra `audit`")
    file = tmp_path / "planted-support_tickets.json"
    options = ["--dataset", "support_tickets", "--seeds", "0", "--copies", "100", "--output_file", str(file)]
    assert main(options) == 0
    measurement = json.loads(file.read_text())
    for row in measurement["label_errors"]:
        assert row["audit"]["precision"] > 10 * row["chance"]["precision"]
        assert row["audit"]["recall"] > 0.4
    copies = {row["similarity"]: row for row in measurement["copies"]}
    assert copies[0.7]["exact_copies_found"] == 1
    assert copies[0.7]["changed_copies_found"] > 0.9
    assert copies[0.7]["agreeing_called_conflicts"] == 0
    assert all(row["found"] >= 0.8 for row in measurement["names"])
    table = capsys.readouterr().out
    assert "| moved |" in table and "| 0.7 | 1.000 |" in table

    (tmp_path / "README.md").write_text(
        "a\n<!-- begin planted-support_tickets -->\n<!-- end planted-support_tickets -->\n"
    )
    monkeypatch.setattr(audit_report, "CORPORA", ("support_tickets",))
    audit_report.write_page(tmp_path)
    page = (tmp_path / "README.md").read_text()
    assert "| 0.7 | 1.000 |" in page and "Command: `python -m benchmarks.audit --dataset support_tickets" in page


def test_missing_package(capsys, monkeypatch):
    monkeypatch.setattr(label_errors, "find_spec", lambda name: None)
    assert main(["--dataset", "support_tickets"]) == 2
    assert "labelwise[audit]" in capsys.readouterr().err
