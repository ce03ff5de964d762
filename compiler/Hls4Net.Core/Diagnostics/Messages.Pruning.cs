using System.Globalization;

namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS307x: weights that are changed on purpose.</summary>
public static partial class Messages
{
    public static readonly Rule WeightsChangedRule = new("HLS3071", Severity.Note, "Weights of a layer were pruned or rounded to fewer digits.",
        """
        The firmware computes something else than the model, because that was asked for: `prune` makes weights zero, `round_weights` takes
        neighbours of fewer signed digits, `weight_integers` names them. The message says how many weights are zero now and how far the layer's
        output is off on average for that (each weight by itself, on the calibration events if there are some); `hls4net profile` measures what
        it does to the outputs. Inputs that no weight reads any more need no bits on a link.

            model:
              prune: 50%                # every layer, the smallest weights first
            layers:
              fc1:
                prune: 75%, cost        # those that save most adder bits for the error that they cause on the calibration events
              fc2:
                prune: 25%, outputs     # whole neurons or filters; also inputs, and multipliers of a folded layer
                round_weights: 1%       # fewer signed digits, until the layer's output is off by so much
        """);

    public static readonly Rule CannotPruneRule = new("HLS3072", Severity.Error, "A layer cannot be pruned as was asked for.",
        """
        `cost` weighs errors by what the inputs of a layer were on calibration events, so that it needs --calibrate. `outputs` and `inputs` are
        neurons and filters, features and channels of matrix products and convolutions; `multipliers` are those of a layer with a reuse factor
        that is named (--reuse or reuse_factor), because which weights share one depends on it.
        """);

    public static readonly Rule IntegersDoNotFitRule = new("HLS3073", Severity.Error, "Integers of a configuration do not fit the layer's weights.",
        """
        `weight_integers` and `bias_integers` are the raw integers of the types `weight` and `bias`, one for each element, in the order of the
        constant in the model. `hls4net tune` writes them. For another model, or after another training, tune again.
        """);

    public static readonly Rule InputsUnusedRule = new("HLS3074", Severity.Note, "Elements of an input are read by nothing.",
        """
        All weights of these elements are zero: they were pruned, or are too small for their type. The firmware has ports for them all the same, so that
        events look the same for every version; the bits on the link in front of it can be saved.
        """);

    public static Diagnostic InputsUnused(string input, IReadOnlyList<int> elements, int all, int bits)
    {
        const int most = 60;
        var list = string.Join(", ", elements.Take(most).Select(e => e.ToString(CultureInfo.InvariantCulture)));
        return new(InputsUnusedRule, $"input '{input}'", string.Create(CultureInfo.InvariantCulture,
            $"{elements.Count} of {all} elements are read by nothing, {(long)elements.Count * bits} bits of an event: {list}{(elements.Count > most ? ", …" : "")}."));
    }

    public static Diagnostic WeightsChanged(string node, string choice, int weights, int zerosBefore, int zeros, int changed, double error, int unusedInputs, int emptyOutputs) =>
        new(WeightsChangedRule, node, string.Create(CultureInfo.InvariantCulture,
            $"{choice}: {zeros} of {weights} weights are zero ({zerosBefore} would be anyway), {changed} others are changed; the layer's output is off by {error * 100:0.##} % for its weights.{Also(unusedInputs, "of its inputs is", "of its inputs are", "read by nothing")}{Also(emptyOutputs, "of its outputs is", "of its outputs are", "constant")}"));

    public static Diagnostic CannotPrune(string node, string choice, string reason) =>
        new(CannotPruneRule, node, $"'{choice}' is not possible: {Clause(reason)}.", "Give this layer a `prune` of its own, or 0% for none.");

    public static Diagnostic IntegersDoNotFit(string place, string what, string reason) =>
        new(IntegersDoNotFitRule, place, $"{what}: {Clause(reason)}.", "Run hls4net tune for this model, or leave the integers out.");

    private static string Also(int count, string one, string many, string what) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {count} {(count == 1 ? one : many)} {what}.");
}
