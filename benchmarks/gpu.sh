#!/usr/bin/env bash
# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
#
# Measure all that is measured on a GPU, and train the encoder rows, in under 8 minutes.
#
#   benchmarks/gpu.sh ENCODER DATA_DIR OUTPUT_DIR          on a GPU
#   benchmarks/gpu.sh --dry_run ENCODER OUTPUT_DIR         on a CPU: the same commands, as small as they can be
#
# ENCODER is a folder with a pretrained encoder, DATA_DIR the folder of corpora (docs/how_to/reproduce.md). Each row is limited in
# time, and one that fails or takes too long leaves the others: OUTPUT_DIR/gpu.log names it.
set -uo pipefail

dry=false
if [ "${1:-}" = --dry_run ]; then dry=true; shift; fi
if $dry; then
    if [ $# -ne 2 ]; then echo "usage: $0 --dry_run ENCODER OUTPUT_DIR" >&2; exit 2; fi
    encoder=$1 out=$2
    sizes="--quick --repeats 3" limit=600
    corpus="--dataset support_tickets" training="--max_steps 2 --eval_strategy no --save_strategy no"
    training+=" --load_best_model_at_end false"
else
    if [ $# -ne 3 ]; then echo "usage: $0 ENCODER DATA_DIR OUTPUT_DIR" >&2; exit 2; fi
    encoder=$1 data=$2 out=$3
    sizes="--repeats 5 --data_dir $data" limit=75
    corpus="--dataset reuters21578 --data_dir $data/reuters21578" training="--bf16 true --max_minutes 0.75"
fi
mkdir -p "$out"
failed=0

# row NAME COMMAND...: run a command within the limit, and say how long it took.
row() {
    local name=$1 begun=$SECONDS
    shift
    if timeout "$limit" "$@" >>"$out/gpu.log" 2>&1; then
        echo "$name: $((SECONDS - begun)) s"
    else
        echo "$name: failed or over $limit s, see $out/gpu.log"
        failed=1
    fi
}

# Recurrent rows beside cuDNN on the same tokens, LM-MTC beside transformers' eager encoder.
for name in lw-lstm-train lw-lstm-inference hlw-lstm-train lm-mtc-train lm-mtc-inference; do
    row "$name" python -m benchmarks.side_by_side --rows "$name" $sizes --encoder "$encoder" \
        --output_file "$out/gpu.json"
done
# The label-wise encoder beside its bare encoder.
row label-wise-encoder python -m benchmarks.label_wise_encoder --parts rows $sizes --encoder "$encoder" \
    --output_file "$out/label_wise_encoder.json"
# The encoder rows of the tables.
for model in bert lm-mtc lw-encoder; do
    row "train-$model" python -m labelwise_cli train --model "$model" --encoder "$encoder" $corpus $training \
        --overwrite --output_dir "$out/$model"
done
exit $failed
