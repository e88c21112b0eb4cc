# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training of classifiers, by MultiLabelTrainer and by the plain Trainer."""

import datasets
import pytest
import torch
from transformers import (
    AutoModelForSequenceClassification,
    DataCollatorWithPadding,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)

from labelwise import (
    CNNRNNConfig,
    CNNRNNForSequenceClassification,
    LabelMaskingCollator,
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LMMTCTrainingArguments,
    LWLSTMForSequenceClassification,
    MultiLabelMetrics,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
    SGMConfig,
    SGMForSequenceClassification,
)
from labelwise.errors import UserInputError
from labelwise.modeling.label_loss import binary_cross_entropy, mean_per_document
from labelwise.trainer.losses import LOSSES, FocalLoss, make_loss
from labelwise.trainer.masking_collator import StopMLM
from labelwise.trainer.metrics_accumulator import MetricAccumulator

METRICS = {"micro_f1", "macro_f1", "hamming_loss", "one_error", "subset_accuracy", "micro_jaccard"}


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    def make(config=None, trainer_class=MultiLabelTrainer, documents=40, callbacks=None, **settings):
        settings = {
            "output_dir": str(tmp_path / "out"),
            "per_device_train_batch_size": 8,
            "num_train_epochs": 2,
            "disable_tqdm": True,
            "report_to": "none",
            **settings,
        }
        more = {}
        if trainer_class is Trainer:
            arguments_class = TrainingArguments
            settings = {"learning_rate": 1e-3, "use_cpu": not torch.accelerator.is_available(), **settings}
            more = {"data_collator": DataCollatorWithPadding(word_tokenizer)}
        else:
            arguments_class = MultiLabelTrainingArguments
        set_seed(0)
        model = LWLSTMForSequenceClassification(planted_config(**(config or {})))
        return trainer_class(
            model,
            arguments_class(**settings),
            train_dataset=planted_corpus(documents),
            eval_dataset=planted_corpus(30, seed=1),
            processing_class=word_tokenizer,
            callbacks=callbacks,
            **more,
        )

    return make


NO_SAVES = {"save_strategy": "no", "eval_strategy": "no", "load_best_model_at_end": False}


def weights(trainer):
    return {name: value.clone() for name, value in trainer.model.state_dict().items()}


def assert_same_weights(one, other):
    for name, value in weights(one).items():
        torch.testing.assert_close(value, weights(other)[name], atol=1e-6, rtol=1e-6, msg=name)


def test_every_corner_learns(make_trainer, corner):
    trainer = make_trainer(corner, documents=150, num_train_epochs=12, learning_rate=1e-2, **NO_SAVES)
    trainer.train()
    metrics = trainer.evaluate()
    assert {f"eval_{name}" for name in METRICS} < set(metrics)
    assert metrics["eval_micro_f1"] > 0.8
    assert metrics["eval_micro_f1_plus_macro_f1"] == metrics["eval_micro_f1"] + metrics["eval_macro_f1"]


def test_before_a_first_label_the_lowest_loss_is_best(make_trainer):
    trainer = make_trainer({"thresholds": 0.99}, num_train_epochs=4, learning_rate=1e-6)
    trainer.train()
    evaluations = [logged for logged in trainer.state.log_history if "eval_loss" in logged]
    assert {logged["eval_micro_f1_plus_macro_f1"] for logged in evaluations} == {0}
    lowest = min(evaluations, key=lambda logged: logged["eval_loss"])
    assert trainer.state.best_global_step == lowest["step"] > evaluations[0]["step"]
    assert trainer.state.best_model_checkpoint.endswith(f"-{lowest['step']}")
    assert trainer.evaluate()["eval_loss"] == pytest.approx(lowest["eval_loss"])


def test_a_checkpoint_that_does_not_fit(make_trainer, tmp_path):
    make_trainer().train()
    other = make_trainer({"hidden_size": 4})
    (checkpoint, *_) = sorted(map(str, (tmp_path / "out").glob("checkpoint-*")))
    with pytest.raises(UserInputError, match=r"belongs to a model of other sizes .*torch"):
        other.train(resume_from_checkpoint=checkpoint)
    with pytest.raises(UserInputError, match="there is no checkpoint nowhere to resume from"):
        other.train(resume_from_checkpoint="nowhere")


def test_arguments_of_another_class(make_trainer, tmp_path):
    model = make_trainer().model
    with pytest.raises(TypeError, match=r"^args must be MultiLabelTrainingArguments or a subclass, not TrainingArg"):
        MultiLabelTrainer(model, TrainingArguments(str(tmp_path / "out")))


def test_metrics_are_those_of_the_logits_at_the_thresholds_of_the_config(make_trainer):
    trainer = make_trainer(**NO_SAVES)
    found = []
    for thresholds in (0.5, [0.3, 0.48, 0.52, 0.6]):
        trainer.model.config.thresholds = thresholds
        prediction = trainer.predict(trainer.eval_dataset, metric_key_prefix="p")
        expected = MultiLabelMetrics().compute(
            predictions=prediction.predictions, references=trainer.eval_dataset["labels"][:], thresholds=thresholds
        )
        assert {name: prediction.metrics[f"p_{name}"] for name in METRICS} == expected
        found.append(expected)
    assert found[0]["micro_f1"] != found[1]["micro_f1"]


def test_thresholds_of_another_number_are_an_error(make_trainer):
    trainer = make_trainer(**NO_SAVES)
    trainer.model.config.thresholds = [0.5, 0.5]
    with pytest.raises(ValueError, match="2 thresholds for 4 labels"):
        trainer.evaluate()


def test_the_best_epoch_is_that_of_the_highest_sum_of_f1(make_trainer, monkeypatch):
    """The second of four epochs is declared the best; the first has the better micro-F1, the last the better loss."""
    scores = iter([(0.9, 0.1), (0.7, 0.5), (0.3, 0.8), (0.5, 0.6)])
    saved = {}

    class KeepWeights(TrainerCallback):
        def on_epoch_end(self, args, state, control, model, **kwargs):
            saved[round(state.epoch)] = {name: value.clone() for name, value in model.state_dict().items()}

    def compute(self):
        micro, macro = next(scores)
        return {**dict.fromkeys(METRICS, 0.0), "micro_f1": micro, "macro_f1": macro}

    monkeypatch.setattr(MetricAccumulator, "compute", compute)
    trainer = make_trainer(num_train_epochs=4, callbacks=[KeepWeights()])
    trainer.train()
    assert trainer.state.best_global_step == 2 * 5 and trainer.state.best_metric == pytest.approx(1.2)
    for name, value in weights(trainer).items():
        assert value.equal(saved[2][name]), name
        assert value.dim() == 1 or not value.equal(saved[4][name]), name


class LearningRates(TrainerCallback):
    def __init__(self):
        self.found = []

    def on_pre_optimizer_step(self, args, state, control, optimizer=None, **kwargs):
        self.found.append(optimizer.param_groups[0]["lr"])


@pytest.mark.parametrize(
    ("settings", "factors"),
    [
        ({"num_train_epochs": 4}, [1, 1, 0.9, 0.81]),
        ({"max_steps": 20}, [1, 1, 0.9, 0.81]),
        ({"num_train_epochs": 4, "learning_rate_decay": 1.0, "lr_scheduler_type": "constant"}, [1, 1, 1, 1]),
    ],
    ids=str,
)
def test_the_learning_rate_falls_after_each_epoch_from_the_second_on(make_trainer, settings, factors):
    rates = LearningRates()
    settings = {"learning_rate_decay": 0.9, **NO_SAVES, **settings}
    make_trainer(learning_rate=1e-3, callbacks=[rates], **settings).train()
    assert rates.found == pytest.approx([1e-3 * factor for factor in factors for _ in range(5)])


def test_a_decay_does_not_take_the_place_of_a_scheduler(make_trainer, tmp_path):
    model = make_trainer().model
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    optimizers = (optimizer, torch.optim.lr_scheduler.ConstantLR(optimizer))
    args = MultiLabelTrainingArguments(str(tmp_path), learning_rate_decay=0.9, **NO_SAVES)
    with pytest.raises(ValueError, match=r"^learning_rate_decay 0\.9 would replace the scheduler of optimizers"):
        MultiLabelTrainer(model, args, optimizers=optimizers)
    MultiLabelTrainer(model, args, optimizers=(optimizer, None))


def test_the_learning_rate_falls_linearly_unless_told_otherwise(make_trainer):
    rates = LearningRates()
    make_trainer(learning_rate=1e-3, callbacks=[rates], num_train_epochs=4, **NO_SAVES).train()
    assert rates.found == pytest.approx([1e-3 * (1 - step / 20) for step in range(20)])


def test_the_decay_counts_epochs_under_gradient_accumulation(make_trainer):
    rates = LearningRates()
    for settings in ({"num_train_epochs": 3}, {"max_steps": 9}):
        rates.found.clear()
        trainer = make_trainer(
            learning_rate_decay=0.5, gradient_accumulation_steps=2, callbacks=[rates], **settings, **NO_SAVES
        )
        trainer.train()  # 5 batches, so 3 steps an epoch
        assert rates.found == pytest.approx([1e-3] * 6 + [5e-4] * 3)


@pytest.mark.parametrize(
    "settings",
    [{"trainer_class": Trainer}, {"learning_rate_decay": 0.5}, {"loss": "distribution_balanced"}],
    ids=["plain", "ours, decay", "ours, another loss"],
)
def test_a_run_resumed_in_mid_epoch_equals_one_that_never_stopped(make_trainer, tmp_path, settings):
    settings = {"num_train_epochs": 3, **NO_SAVES, **settings}
    whole = make_trainer(**settings)
    whole.train()
    stopped = make_trainer(
        **{
            **settings,
            "save_strategy": "steps",
            "save_steps": 7,
            "save_total_limit": None,
            "output_dir": str(tmp_path / "stopped"),
        }
    )
    stopped.train()
    resumed = make_trainer(**settings)
    with torch.no_grad():
        for parameter in resumed.model.parameters():
            parameter.zero_()
    resumed.train(resume_from_checkpoint=str(tmp_path / "stopped" / "checkpoint-7"))  # 5 steps an epoch
    assert_same_weights(whole, resumed)


@pytest.mark.parametrize("frozen", ["lw_lstm", "lw_lstm.embeddings"])
def test_what_is_frozen_stays_to_the_bit(make_trainer, frozen):
    trainer = make_trainer({"num_encoders": 2}, weight_decay=0.1, **NO_SAVES)
    trainer.model.get_submodule(frozen).requires_grad_(False)
    before = weights(trainer)
    trainer.train()
    for name, value in weights(trainer).items():
        assert value.equal(before[name]) == name.startswith(frozen), name


def test_bf16(make_trainer):
    trainer = make_trainer(bf16=True, num_train_epochs=1)
    trainer.train()
    metrics = trainer.evaluate()
    assert 0 <= metrics["eval_micro_f1"] <= 1
    assert {parameter.dtype for parameter in trainer.model.parameters()} == {torch.float32}


def test_what_is_saved_predicts_the_same(make_trainer, tmp_path):
    trainer = make_trainer(num_train_epochs=1)
    trainer.train()
    trainer.save_model(str(tmp_path / "saved"))
    expected = trainer.predict(trainer.eval_dataset).predictions
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "saved")
    rows = [{"input_ids": ids} for ids in trainer.eval_dataset["input_ids"]]
    logits = model(**DataCollatorWithPadding(trainer.processing_class)(rows)).logits
    torch.testing.assert_close(logits, torch.from_numpy(expected), atol=1e-5, rtol=1e-5)


# Losses

NAMES = ["a", "b", "c", "d"]


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_learns(make_trainer, loss):
    trainer = make_trainer(documents=120, num_train_epochs=6, learning_rate=2e-2, loss=loss, **NO_SAVES)
    before = trainer.evaluate()["eval_loss"]
    trainer.train()
    metrics = trainer.evaluate()
    assert metrics["eval_loss"] < before
    assert metrics["eval_micro_f1"] > 0.7  # at 0.5, though some of them would have another threshold


@pytest.mark.parametrize("loss", LOSSES)
def test_a_batch_costs_what_the_loss_says(make_trainer, loss):
    trainer = make_trainer(loss=loss, **NO_SAVES)
    trainer.model.eval()
    batch = next(iter(trainer.get_train_dataloader()))
    batch["labels"][::2, 1] = -100
    output = trainer.model(**batch)
    expected = binary_cross_entropy if loss == "bce" else make_loss(loss, trainer.train_dataset, NAMES)
    assert output.loss == expected(output.logits, batch["labels"])


def test_the_plain_trainer_and_bce_keep_the_loss_of_the_model(make_trainer):
    assert make_trainer(trainer_class=Trainer, **NO_SAVES).model.loss_function.func is binary_cross_entropy
    trainer = make_trainer(**NO_SAVES)
    assert trainer.model.loss_function.func is binary_cross_entropy
    trainer.model.loss_function = FocalLoss(gamma=1)  # a user's own
    again = MultiLabelTrainer(trainer.model, trainer.args, processing_class=trainer.processing_class)
    assert again.model.loss_function.gamma == 1


def test_losses_that_cannot_be(make_trainer, planted_corpus):
    with pytest.raises(ValueError, match=r"the loss must be one of bce, .*, not 'dice'"):
        make_trainer(loss="dice", **NO_SAVES)
    trainer = make_trainer(loss="focal", **NO_SAVES)
    trainer.args.loss = "weighted_bce"
    with pytest.raises(ValueError, match=r"pass train_dataset, a datasets\.Dataset"):
        MultiLabelTrainer(trainer.model, trainer.args, processing_class=trainer.processing_class)
    never = planted_corpus(20).map(lambda row: {"labels": [*row["labels"][:3], 0]})
    trainer.model.config.id2label[3] = "novel"
    with pytest.raises(UserInputError, match="no training document has novel"):
        MultiLabelTrainer(trainer.model, trainer.args, train_dataset=never, processing_class=trainer.processing_class)


def test_loss_functions_of_outputs(make_trainer, tmp_path):
    model = make_trainer().model
    args = MultiLabelTrainingArguments(str(tmp_path), **NO_SAVES)
    with pytest.raises(
        TypeError, match=r"^compute_loss_func takes the outputs .* FocalLoss .* set model\.loss_function"
    ):
        MultiLabelTrainer(model, args, compute_loss_func=FocalLoss())
    other = {"compute_loss_func": lambda outputs, labels, num_items_in_batch=None: outputs.logits.sum()}
    MultiLabelTrainer(model, args, **other)
    args.loss = "focal"
    with pytest.raises(ValueError, match=r"^compute_loss_func would replace the loss 'focal'"):
        MultiLabelTrainer(model, args, **other)


@pytest.mark.parametrize(("kwargs", "looks"), [(None, True), ({"use_reentrant": True}, False)])
def test_processes_look_for_parameters_without_a_gradient(make_trainer, kwargs, looks):
    """In two processes: `test_parameters_without_a_gradient`."""
    settings = {"activation_checkpointing": True, "activation_checkpointing_kwargs": kwargs}
    assert make_trainer(**settings, **NO_SAVES).accelerator.ddp_handler.find_unused_parameters == looks


def forget(dataset, every=3):
    """The documents with labels that nobody knows: each of `every`, and all of the first documents."""
    labels = [
        [-100 if number < 3 or (number + k) % every == 0 else label for k, label in enumerate(row)]
        for number, row in enumerate(dataset["labels"])
    ]
    return dataset.remove_columns("labels").add_column("labels", labels)


@pytest.mark.parametrize("settings", [{"trainer_class": Trainer}, {"loss": "bce"}, {"loss": "zlpr"}], ids=str)
def test_accumulated_batches_with_missing_labels_equal_a_larger_one(make_trainer, settings):
    settings = {"max_steps": 3, "optim": "sgd", "learning_rate": 0.1, "max_grad_norm": 0.0, **NO_SAVES, **settings}
    one = make_trainer({"dropout": 0.0}, per_device_train_batch_size=8, **settings)
    four = make_trainer({"dropout": 0.0}, per_device_train_batch_size=2, gradient_accumulation_steps=4, **settings)
    start = weights(one)
    for trainer in (one, four):
        trainer.train_dataset = forget(trainer.train_dataset)
        trainer.train()
    assert any(not value.equal(start[name]) for name, value in weights(one).items())
    assert_same_weights(one, four)


def test_missing_labels_are_left_out_of_the_metrics(make_trainer):
    trainer = make_trainer(**NO_SAVES)
    whole = trainer.predict(trainer.eval_dataset)
    found = trainer.predict(forget(trainer.eval_dataset))
    assert (found.label_ids == -100).sum() > 30
    expected = MultiLabelMetrics().compute(predictions=whole.predictions, references=found.label_ids)
    assert {name: found.metrics[f"test_{name}"] for name in METRICS} == expected
    assert found.metrics["test_hamming_loss"] != whole.metrics["test_hamming_loss"]


@pytest.mark.parametrize("loss", ["bce", "zlpr", "distribution_balanced"])
def test_lm_mtc_keeps_its_joint_mlm(bert, tmp_path, loss):
    tokenizer = LabelTokenizer.from_encoder(bert, NAMES)
    model = LMMTCForSequenceClassification.from_encoder(bert, NAMES)
    texts = ["the cat sat on the mat", "a dog chased the cat away", "what joy it was", "quick brown foxes jump"] * 3
    rows = [{**tokenizer(text), "labels": [i % 2, int(i % 3 == 0), 1, 0]} for i, text in enumerate(texts)]
    rows[0]["labels"], rows[1]["labels"] = [1, 0, 0, 1], [0, 1, 0, 1]
    trainer = MultiLabelTrainer(
        model,
        LMMTCTrainingArguments(
            str(tmp_path),
            loss=loss,
            num_train_epochs=1,
            per_device_train_batch_size=2,
            gradient_accumulation_steps=3,
            disable_tqdm=True,
            report_to="none",
            **NO_SAVES,
        ),
        train_data_collator=LabelMaskingCollator(tokenizer),
        train_dataset=datasets.Dataset.from_list(rows),
        processing_class=tokenizer,
    )
    torch.manual_seed(0)
    batch = trainer.train_data_collator(rows)
    assert 0 < (batch["labels"] == -100).sum() < batch["labels"].numel()  # what is visible
    targets = batch.pop("mlm_targets")
    model.eval()
    output = model(**batch)
    if loss == "bce":
        expected = binary_cross_entropy(output.logits, batch["labels"], mean_per_document)
    else:  # on the scale of the model's own, which lambda and the clipping of gradients are for
        expected = make_loss(loss, trainer.train_dataset, NAMES, mean_per_document)(output.logits, batch["labels"])
    assert output.loss == expected
    both = model(**batch, mlm_targets=targets).loss
    alone = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], mlm_targets=targets).loss
    torch.testing.assert_close(both, output.loss + alone)
    halves = [{name: value[part] for name, value in batch.items()} for part in (slice(0, 6), slice(6, 12))]
    parts = [model(**half, mlm_targets=targets[6 * i : 6 * i + 6]).loss for i, half in enumerate(halves)]
    torch.testing.assert_close(sum(parts) / 2, both)
    before = weights(trainer)
    trainer.train()
    assert all(value.isfinite().all() for value in weights(trainer).values())
    assert not weights(trainer)["head.weight"].equal(before["head.weight"])


@pytest.mark.parametrize("accumulation", [1, 2])
def test_the_two_losses_are_logged_and_make_up_the_whole(bert, tmp_path, accumulation):
    tokenizer = LabelTokenizer.from_encoder(bert, NAMES)
    model = LMMTCForSequenceClassification.from_encoder(bert, NAMES, mlm_weight=0.25)
    rows = [{**tokenizer(f"the cat sat on the mat {'and ' * i}"), "labels": [i % 2, 0, 1, 0]} for i in range(16)]
    collator = LabelMaskingCollator(tokenizer, mlm_probability=0.5)
    settings = {
        "num_train_epochs": 2,
        "per_device_train_batch_size": 2,
        "gradient_accumulation_steps": accumulation,
        "logging_steps": 2,
        "disable_tqdm": True,
        "report_to": "none",
        **NO_SAVES,
    }
    trainer = MultiLabelTrainer(
        model,
        LMMTCTrainingArguments(str(tmp_path), **settings),
        train_dataset=datasets.Dataset.from_list(rows),
        eval_dataset=datasets.Dataset.from_list(rows),
        data_collator=collator,  # in evaluation too: the two are no predictions then
        callbacks=[StopMLM(collator, 1)],
        processing_class=tokenizer,
    )
    trainer.train()
    logs = [entry for entry in trainer.state.log_history if "loss" in entry]
    joint = [entry for entry in logs if entry["epoch"] <= 1]
    assert joint
    for entry in joint:
        assert entry["loss"] == pytest.approx(entry["label_loss"] + 0.25 * entry["mlm_loss"], rel=1e-4)
        assert entry["mlm_loss"] > 1  # before its weight
    assert not {"label_loss", "mlm_loss"} & logs[-1].keys()  # the MLM has ended, and the loss has one part
    collator.mlm_targets = "both"
    assert trainer.predict(trainer.eval_dataset).predictions.shape == (16, 4)


def test_a_model_with_another_kind_of_loss_refuses_one(tmp_path):
    args = MultiLabelTrainingArguments(str(tmp_path), loss="focal", report_to="none", **NO_SAVES)
    smoothing = MultiLabelTrainingArguments(str(tmp_path), label_smoothing_factor=0.1, report_to="none", **NO_SAVES)
    for model in (
        SGMForSequenceClassification(SGMConfig(hidden_size=2, vocab_size=9, embedding_size=2, num_labels=2)),
        CNNRNNForSequenceClassification(CNNRNNConfig(vocab_size=9, embedding_size=2, num_labels=2)),
    ):
        with pytest.raises(UserInputError, match=r"^--loss focal: a model that emits labels one by one has its"):
            MultiLabelTrainer(model, args)
        with pytest.raises(UserInputError, match=r"^--label_smoothing_factor 0\.1: a model that emits labels"):
            MultiLabelTrainer(model, smoothing)


# The plain Trainer


def test_the_plain_trainer_trains_evaluates_and_tells_the_metrics(make_trainer):
    config = {"hierarchical": True}
    trainer = make_trainer(config, Trainer, documents=150, num_train_epochs=8, learning_rate=1e-2, **NO_SAVES)
    trainer.compute_metrics = lambda prediction: MultiLabelMetrics().compute(
        predictions=prediction.predictions, references=prediction.label_ids
    )
    trainer.train()
    metrics = trainer.evaluate()
    assert {f"eval_{name}" for name in METRICS} < set(metrics)
    assert metrics["eval_micro_f1"] > 0.7


@pytest.mark.parametrize("trainer_class", [MultiLabelTrainer, Trainer])
def test_four_accumulated_batches_equal_one_four_times_as_large(make_trainer, trainer_class):
    settings = {
        "trainer_class": trainer_class,
        "max_steps": 3,
        "optim": "sgd",
        "learning_rate": 0.5,
        "max_grad_norm": 0.0,
        "logging_steps": 1,
        **NO_SAVES,
    }
    one = make_trainer({"dropout": 0.0}, per_device_train_batch_size=8, **settings)
    four = make_trainer({"dropout": 0.0}, per_device_train_batch_size=2, gradient_accumulation_steps=4, **settings)
    start = weights(one)
    one.train()
    four.train()
    assert any(not value.equal(start[name]) for name, value in weights(one).items())
    assert_same_weights(one, four)
    losses = [[entry["loss"] for entry in trainer.state.log_history if "loss" in entry] for trainer in (one, four)]
    assert len(losses[0]) == 3 and losses[0] == pytest.approx(losses[1], abs=2e-4)
