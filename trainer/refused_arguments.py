# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The arguments of `Trainer` that are no options of the commands, with the reason that a user is told.

`Trainer` and the trainers of this package take them as ever. `tests/trainer/test_training_argument_table.py` has every
argument, and fails for one that is neither here nor tested.
"""

_PROCESSES = "is for several processes; `accelerate launch` works without it"
_NO_SHARDS = "models are not sharded; `accelerate launch` trains copies of a model in several processes"
_METRICS = "the metrics of validation need all logits; leave it out"
_HUB = "the finished model is published once, by --push_to_hub; leave it out"
_TRACKIO = "is for Trackio alone, with which labelwise is not tested; leave it out"
_ALWAYS = "training, evaluation and prediction are commands: `labelwise train`, `evaluate` and `predict`"

REFUSED = {
    "optim_target_modules": "is for optimizers that --optim does not have; leave it out",
    "average_tokens_across_devices": "the loss of words needs it, and that of labels has no tokens; leave it out",
    "bf16_full_eval": "rounds the weights that are saved; use --bf16",
    "fp16_full_eval": "rounds the weights that are saved; use --bf16",
    "activation_checkpointing_kwargs": "has no effect on what is learned; use --activation_checkpointing alone",
    "gradient_checkpointing": "is called --activation_checkpointing",
    "gradient_checkpointing_kwargs": "has no effect on what is learned; use --activation_checkpointing alone",
    "torch_compile": "batches of other lengths are compiled again and again, which takes minutes; leave it out",
    "torch_compile_backend": "models are not compiled; leave it out",
    "torch_compile_mode": "models are not compiled; leave it out",
    "use_liger_kernel": "there are no such kernels for classifiers; leave it out",
    "liger_kernel_config": "there are no such kernels for classifiers; leave it out",
    "use_cache": "is for models that generate text; leave it out",
    "torch_empty_cache_steps": "has no effect on what is learned; lower --per_device_train_batch_size to save memory",
    "auto_find_batch_size": "would continue with weights of another batch size; lower --per_device_train_batch_size",
    "log_on_each_node": _PROCESSES,
    "log_level_replica": _PROCESSES,
    "project": _TRACKIO,
    "trackio_space_id": _TRACKIO,
    "trackio_bucket_id": _TRACKIO,
    "trackio_static_space_id": _TRACKIO,
    "eval_delay": "the best of all evaluated epochs is kept; use --eval_strategy and --eval_steps",
    "prediction_loss_only": _METRICS,
    "eval_do_concat_batches": _METRICS,
    "eval_use_gather_object": _METRICS,
    "include_for_metrics": _METRICS,
    "batch_eval_metrics": _METRICS,
    "save_on_each_node": _PROCESSES,
    "enable_jit_checkpoint": "a run that was ended resumes from its last checkpoint with --resume; leave it out",
    "logging_nan_inf_filter": "a training stops at the first loss that is not finite; leave it out",
    "hub_token": "would be recorded; run `hf auth login`, or set HF_TOKEN",
    "hub_strategy": _HUB,
    "hub_always_push": _HUB,
    "ignore_data_skip": "a resumed run reads what is left of its epoch, as if it had not stopped; leave it out",
    "restore_callback_states_from_checkpoint": "--resume does so by itself; leave it out",
    "accelerator_config": "`accelerate launch` has these settings; leave it out",
    "parallelism_config": _NO_SHARDS,
    "dataloader_drop_last": "would leave documents out of the metrics too; leave it out",
    "dataloader_pin_memory": "memory is pinned where there is a GPU; leave it out",
    "dataloader_persistent_workers": "what is masked may change between epochs; leave it out",
    "dataloader_multiprocessing_context": "workers start as torch starts them by default; leave it out",
    "dataloader_in_order": "a run must read its batches in the same order again; leave it out",
    "remove_unused_columns": "the tokenized documents have no other columns; leave it out",
    "length_column_name": "lengths are counted; leave it out",
    "ddp_find_unused_parameters": _PROCESSES,
    "ddp_bucket_cap_mb": _PROCESSES,
    "ddp_broadcast_buffers": _PROCESSES,
    "ddp_static_graph": _PROCESSES,
    "ddp_backend": "is that of the device: nccl for GPUs, gloo for CPUs; leave it out",
    "fsdp": _NO_SHARDS,
    "fsdp_config": _NO_SHARDS,
    "deepspeed": _NO_SHARDS,
    "debug": "is for developers of models; leave it out",
    "skip_memory_metrics": "measuring the memory slows training down; leave it out",
    "do_train": _ALWAYS,
    "do_eval": _ALWAYS,
    "do_predict": _ALWAYS,
    "resume_from_checkpoint": "use --resume, which finds the last checkpoint itself",
    "local_rank": "`accelerate launch` and `torchrun` number the processes; leave it out",
}

# Those that work with a Transformer encoder only.
WITHOUT_TRANSFORMER = dict.fromkeys(
    ("activation_checkpointing", "neftune_noise_alpha"),
    "is for Transformer encoders: --model lm-mtc, bert or bert-mlm; leave it out",
)
