namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS52xx: folders that the tool writes and reads.</summary>
public static partial class Messages
{
    public static readonly Rule OutputNotOursRule = new("HLS5201", Severity.Error, "The output folder holds files that Hls4Net did not write.",
        """
        `compile` replaces the folder given with -o as a whole. To be safe it does so only if the folder is new, empty, or was made by
        Hls4Net (it then holds hls4net.json). Choose another folder or empty it yourself.
        """);

    public static readonly Rule OutputNotWritableRule = new("HLS5202", Severity.Error, "The output folder cannot be written.",
        "The folder given with -o, or its parent, cannot be created or written. Check that it is not a file and that you may write there.");

    public static readonly Rule NotCompiledRule = new("HLS5203", Severity.Error, "The folder is not the output of `hls4net compile`.",
        """
        `emulate`, `verify` and `report` work on a folder that `compile` made, which holds hls4net.json and the design in ir/:

            hls4net compile model.onnx -o out/model
            hls4net emulate out/model --input events.npy --output scores.npy
        """);

    public static readonly Rule InputsNeededRule = new("HLS5204", Severity.Error, "The data do not fit the design's inputs.",
        """
        A design with one data input takes a .npy file of shape [events, …]. With several inputs give an .npz archive with one array for each,
        named after the inputs. Settings (a threshold) are given with --threshold, not in the data.
        """);

    public static readonly Rule UnknownOptionValueRule = new("HLS5205", Severity.Error, "An option has a value that it does not take.",
        "The message lists what the option takes; `hls4net COMMAND --help` has examples.");

    public static readonly Rule FileSystemRule = new("HLS5206", Severity.Error, "The system refused to read or write a file.",
        """
        The message is the system's own. Mostly a disk is full, a folder may not be written, or the folder for temporary files (TMPDIR) does
        not exist. Nothing half-written is left behind.
        """);

    public static readonly Rule NothingToSimulateRule = new("HLS5207", Severity.Error, "The folder has no hardware to simulate.",
        """
        `simulate` runs the netlist behind the Verilog cycle by cycle. The folder was compiled without Verilog. Compile again without --emit,
        or with --emit verilog,hls. `hls4net emulate` gives the same numbers without any hardware, and much faster.
        """);

    public static readonly Rule NoSuchSignalRule = new("HLS5208", Severity.Error, "No signal has such a name.",
        """
        --signals takes paths of signals as the Verilog has them, the name of the top first, separated by commas: `*` stands for any text, dots
        included, and `?` for any character.
            hls4net simulate out/model --input events.npy --vcd model.vcd --signals 'model.*valid,model.layer_fc1.*'
        Without --signals every signal is shown. GTKWave lists them all on its left side.
        """);

    /// <summary>A folder with HLS C++ only.</summary>
    public static Diagnostic NothingToSimulate(string path) =>
        new(NothingToSimulateRule, $"folder '{path}'", "it was compiled without Verilog.", "Compile it again with --emit verilog,hls.");

    /// <summary>A pattern that nothing matches.</summary>
    /// <param name="known">Paths of signals.</param>
    public static Diagnostic NoSuchSignal(string pattern, IReadOnlyCollection<string> known) =>
        new(NoSuchSignalRule, "--signals", $"no signal matches '{Printable(pattern)}'; there are {known.Count}, such as {string.Join(", ", known.Take(3))}.",
            DidYouMean(pattern, known.Take(MostNames)));

    /// <summary>So many names are compared with a misspelt one.</summary>
    private const int MostNames = 2000;

    /// <summary>A file operation that failed.</summary>
    public static Diagnostic FileSystem(string reason) =>
        new(FileSystemRule, "", $"The system refused to read or write a file: {Clause(reason)}.", "Check the space on the disk, the permissions and TMPDIR.");

    /// <summary>A folder with other things in it.</summary>
    public static Diagnostic OutputNotOurs(string path) =>
        new(OutputNotOursRule, $"folder '{path}'", "it is not empty and was not made by hls4net.", "Give another folder with -o, or empty it.");

    /// <summary>A folder that cannot be made.</summary>
    public static Diagnostic OutputNotWritable(string path, string reason) => new(OutputNotWritableRule, $"folder '{path}'", $"it cannot be written: {reason}.");

    /// <summary>A folder without a compiled design.</summary>
    public static Diagnostic NotCompiled(string path, string problem) => new(NotCompiledRule, $"folder '{path}'", $"{problem}.",
        "Make it with: hls4net compile MODEL.onnx -o DIR");

    /// <summary>Data that do not match the inputs.</summary>
    public static Diagnostic InputsNeeded(string file, string problem) => new(InputsNeededRule, file, problem);

    /// <summary>A value that an option does not take.</summary>
    public static Diagnostic UnknownOptionValue(string option, string value, IReadOnlyCollection<string> known) =>
        new(UnknownOptionValueRule, option, $"'{value}' is not one of {string.Join(", ", known)}.", DidYouMean(value, known));

    /// <summary>A value that does not have the option's form.</summary>
    public static Diagnostic BadOptionValue(string option, string value, string needed) =>
        new(UnknownOptionValueRule, option, $"'{value}' is not {needed}.");
}
