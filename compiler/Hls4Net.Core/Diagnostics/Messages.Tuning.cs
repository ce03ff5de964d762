namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS54xx: the search for cheaper types.</summary>
public static partial class Messages
{
    public static readonly Rule LabelsDoNotFitRule = new("HLS5401", Severity.Error, "The labels do not fit the events or the metric.",
        """
        `hls4net tune` judges candidates on events. auc and tpr@X need background (label 0) and signal (labels from 1 on, each a kind of its own);
        accuracy needs the class of each event, from 0 on. Labels are a .npy file with one whole number for each event of --calibrate:

            hls4net tune model.onnx --calibrate events.npy --labels labels.npy --metric auc --budget 0.5% -o tuned.yaml

        Where background and signals are files of their own, name them instead; the events of --calibrate are background then:

            hls4net tune model.onnx --calibrate background.npy --signal a=a.npy --signal b=b.npy --metric auc --budget 0.5% -o tuned.yaml

        Without labels there is mse, the mean squared difference from the network in real numbers as a share of its outputs' variance. tpr@X needs so
        many background events that at least one is accepted, in the part that is searched with and in the one that figures are reported of.
        """);

    public static readonly Rule CannotResumeRule = new("HLS5402", Severity.Error, "The search cannot go on where it ended.",
        """
        With --resume `hls4net tune` reads what an earlier search with the same output left beside it. The model, the events and all options but the
        number of candidates and the time must be the same, so that the outcome is that of one search. Leave --resume out to begin anew.
        """);

    public static readonly Rule NothingToTuneRule = new("HLS5403", Severity.Error, "There is nothing to choose.",
        """
        Every type of the network is chosen already: by quantisers in the model, by an hls4ml configuration, or because it has no layer with weights.
        A quantised model is tuned by training it with other quantisers.
        """);

    public static readonly Rule NoCandidateRule = new("HLS5404", Severity.Warning, "No candidate keeps to the budget.",
        """
        Even the types that the compiler takes by itself lose more than the budget allows on the events of the search. They were written. Allow more, or
        name wider types in a configuration (weight_bits, activation_bits) to begin with.
        """);

    public static Diagnostic LabelsDoNotFit(string file, string reason) => new(LabelsDoNotFitRule, file, $"{Capital(Clause(reason))}.");

    public static Diagnostic CannotResume(string file, string reason) => new(CannotResumeRule, file, $"The search cannot go on: {Clause(reason)}.", "Leave --resume out to begin anew.");

    public static Diagnostic NothingToTune(string model, string reason) => new(NothingToTuneRule, model, $"{Capital(Clause(reason))}.");

    public static Diagnostic NoCandidate(string loss, string budget) =>
        new(NoCandidateRule, "", $"The best candidate loses {loss} on the events of the search, and {budget} is allowed there.", "Allow a larger --budget, or begin with wider types.");
}
