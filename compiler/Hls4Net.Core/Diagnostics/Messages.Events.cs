namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS41xx: files of collision events, their results, and what is done with them.</summary>
public static partial class Messages
{
    public static readonly Rule Hdf5BrokenRule = new("HLS4101", Severity.Error, "An HDF5 file cannot be read.",
        """
        The HDF5 library refuses the file, and the message says why in its words. A file that was cut off while it was copied is reported as
        truncated; copy it again and compare the sizes. Files that are still being written by another program cannot be read either.
        """);

    public static readonly Rule EventDatasetMissingRule = new("HLS4102", Severity.Error, "A file lacks a dataset that its format has.",
        """
        Event files of the ADC2021 challenge have a dataset Particles of shape [events, 19, 4]; feature tables have one dataset of shape
        [events, features], or a table that pandas wrote with to_hdf(…, format='fixed'). The message lists what the file has.
        """);

    public static readonly Rule EventMalformedRule = new("HLS4103", Severity.Error, "An event of a file is malformed.",
        """
        The message says which line or event it is and what is wrong: a number that is none, an object with too few fields, a row of another
        length than the header, a momentum below zero or not finite. Nothing is repaired or left out in silence; mend or remove the event.
        """);

    public static readonly Rule EventUnitsRule = new("HLS4104", Severity.Error, "Events seem to be in other units than their format has.",
        """
        Momenta in ADC2021 files are in GeV, in Dark Machines files in MeV; angles are in radians. An object of more than 7,000 GeV or of less
        than 1 GeV cannot come from a proton collider's trigger, and an angle beyond 2 pi is most likely in degrees. If the file is right, say so:
            hls4net events FILE --units GeV
            hls4net events FILE --units MeV
        """);

    public static readonly Rule EventFormatRule = new("HLS4105", Severity.Error, "The format of an event file is not known.",
        """
        Read are HDF5 files of the ADC2021 challenge and feature tables (.h5, .hdf5), Dark Machines files and tables with a header line (.csv,
        .txt), and NumPy arrays (.npy, .npz). The beginning of the file decides, not its name.
        """);

    public static readonly Rule EventsDoNotFitRule = new("HLS4106", Severity.Error, "Events do not fit what is to be done with them.",
        """
        A network takes a certain number of features, and the file has another, or has features where objects are needed: momenta and
        directions of leptons and jets. The message says what is there and what is needed.
        """);

    public static readonly Rule NothingToScoreRule = new("HLS4107", Severity.Error, "A design has no single number by which events can be ordered.",
        """
        An evaluation orders events by one number. A design that was compiled with --score has the score; of another, one output with a single
        element can be named with --score-output.
        """);

    public static readonly Rule PatternFormatRule = new("HLS4108", Severity.Error, "The format of a file of vectors is not known.",
        """
        Read are pattern files of EMP boards (they begin with "Board" or "ID:"), of APx boards ("#Sideband" or "#LinkLabel"), of CTP7 boards (a
        line "#BeginData") and of the Global Trigger, and hls4ml's tb_input_features.dat. The beginning of the file decides.
        """);

    public static readonly Rule PatternMalformedRule = new("HLS4109", Severity.Error, "A line of a file of vectors is malformed.",
        """
        The message says which line it is and what was expected. Each frame has a word for each link of the head, each word has as many digits
        as the first, and frames are numbered without gaps. Nothing is guessed or left out: a shifted word would be another event.
        """);

    public static Diagnostic PatternFormat(string where, string found) =>
        new(PatternFormatRule, where, $"This is no file of vectors of a format that is known: {Clause(found)}.");

    /// <param name="where">The file.</param>
    /// <param name="place">For example "line 12".</param>
    /// <param name="what">What is wrong or was expected.</param>
    public static Diagnostic PatternMalformed(string where, string place, string what) => new(PatternMalformedRule, where, $"{Capital(place)}: {Clause(what)}.");

    public static Diagnostic Hdf5Broken(string where, string reason) => new(Hdf5BrokenRule, where, $"The HDF5 file cannot be read: {Clause(reason)}.");

    public static Diagnostic EventDatasetMissing(string where, string name, IReadOnlyList<string> found) =>
        new(EventDatasetMissingRule, where,
            $"There is no dataset '{name}'; the file has {(found.Count == 0 ? "none" : Printable(string.Join(", ", found), 200))}.", DidYouMean(name, found));

    /// <param name="where">The file.</param>
    /// <param name="place">For example "line 12" or "event 12".</param>
    /// <param name="what">The rest of the sentence after the place.</param>
    /// <param name="advice">What to do, or nothing.</param>
    public static Diagnostic EventMalformed(string where, string place, string what, string advice = "") =>
        new(EventMalformedRule, where, $"{Capital(place)}: {Clause(what)}.", advice);

    public static Diagnostic EventUnits(string where, string place, string what, string advice) =>
        new(EventUnitsRule, where, $"{Capital(place)}: {Clause(what)}.", advice);

    public static Diagnostic EventFormat(string where, string found) =>
        new(EventFormatRule, where, $"This is no event file of a format that is known: {Clause(found)}.");

    public static Diagnostic EventsDoNotFit(string where, string what) => new(EventsDoNotFitRule, where, $"The events do not fit: {Clause(what)}.");

    public static Diagnostic NothingToScore(string where, string what, string advice) => new(NothingToScoreRule, where, $"{Clause(what)}.", advice);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
