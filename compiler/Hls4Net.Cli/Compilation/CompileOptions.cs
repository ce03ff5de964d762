using System.Globalization;
using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Arithmetic;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Pruning;
using Hls4Net.Transforms.Reuse;
using Hls4Net.Transforms.Streams;

namespace Hls4Net.Cli.Compilation;

/// <summary>What the user asked of <c>hls4net compile</c>.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Output">Folder to write.</param>
/// <param name="Configuration">Path of the configuration, or null.</param>
/// <param name="Part">The device.</param>
/// <param name="ClockMHz">The target clock; null for combinational hardware.</param>
/// <param name="Outputs">Values to cut the graph to; empty for the model's outputs.</param>
/// <param name="Precision">Type of everything that is not named, or null.</param>
/// <param name="Calibration">Path of calibration events, or null.</param>
/// <param name="Prefix">Starts every name in the hardware; null for the model's file name.</param>
/// <param name="Emit">What to write; null for all that can be.</param>
/// <param name="Effort">How long to look for fewer adders.</param>
/// <param name="Stages">Cycles of latency; 0 for as few as the clock asks for.</param>
/// <param name="RegisterInputs">Whether the inputs go into registers first.</param>
/// <param name="Reuse">The reuse factor of every layer that can be folded and names none in the configuration; null for the configuration's.</param>
/// <param name="AdderOperands">The most operands of an adder, two or three.</param>
/// <param name="Stream">How events come piece by piece; null for what the configuration says, which is all of an event in one cycle if it says nothing.</param>
internal sealed record CompileOptions(
    string Model, string Output, string? Configuration, string Part, double? ClockMHz, IReadOnlyList<string> Outputs, Score Score,
    string? Precision, string? Calibration, string? Prefix, IReadOnlyList<string>? Emit = null, SearchEffort Effort = default,
    int Stages = 0, bool RegisterInputs = false, int? Reuse = null, int AdderOperands = 2, StreamOptions? Stream = null)
{
    /// <summary>Whether groups of inputs of few bits may become tables.</summary>
    public bool InputTables { get; init; } = true;

    /// <summary>Adder levels that the sums of a layer may take beyond the fewest.</summary>
    public int DepthSlack { get; init; }

    /// <summary>Bits of weights where no type is named; null for the configuration's.</summary>
    public int? WeightBits { get; init; }

    /// <summary>Which weights become zero in layers that do not say otherwise; null for the configuration's.</summary>
    public PruneChoice? Prune { get; init; }

    /// <summary>The error that weights of fewer digits may cause, as a share of a layer's output; null for the configuration's.</summary>
    public double? RoundWeights { get; init; }

    /// <summary>Whether the top has a clock enable.</summary>
    public bool ClockEnable { get; init; }

    /// <summary>What tells this version of the network from others, behind the prefix in every name; null for nothing.</summary>
    public string? Release { get; init; }

    /// <summary>A budget from which the compiler chooses reuse factors; null for none.</summary>
    public ReuseBudget? ReuseBudget { get; init; }

    /// <summary>Where tables and delay lines go.</summary>
    public MemoryChoice Memory { get; init; }

    /// <summary>What multipliers of two variables are made of.</summary>
    public MultiplierKind Multipliers { get; init; }

    /// <summary>The AXI4-Stream top; null for parallel ports only.</summary>
    public AxiStreamOptions? AxiStream { get; init; }

    /// <summary>The command, for the report; null if a program called.</summary>
    public string? Command { get; init; }

    /// <summary>Whether the report is written as a page too.</summary>
    public bool WantsPage { get; init; }

    /// <summary>Whether the weights of folded layers are loaded at run time where the configuration says nothing of it.</summary>
    public bool LoadsWeights { get; init; }

    /// <summary>The tops in <c>--top</c>.</summary>
    public static IReadOnlyList<string> Tops { get; } = ["parallel", "axi-stream"];

    /// <summary>The widest TDATA and TUSER.</summary>
    private const int WidestBus = 4096;

    /// <summary>Bits of TDATA where the user says nothing.</summary>
    public const int DefaultBusWidth = 64;

    /// <summary>Bits of TUSER where the user says nothing.</summary>
    public const int DefaultUserWidth = 32;

    /// <summary>Reads an option whose values are the names of an enumeration; the first of these where it is not given.</summary>
    /// <exception cref="UserErrorException">There is no such value (HLS5205).</exception>
    public static T ParseChoice<T>(string option, string? text)
        where T : struct, Enum => text is null ? default
        : MemberNames.Find<T>(text) ?? throw new UserErrorException(Messages.UnknownOptionValue(option, text, [.. MemberNames.Of<T>()]));

    /// <summary>Reads --weights.</summary>
    /// <exception cref="UserErrorException">There is no such value (HLS5205).</exception>
    public static bool ParseWeights(string? text) => text switch
    {
        null or Constant => false,
        Loadable => true,
        _ => throw new UserErrorException(Messages.UnknownOptionValue("--weights", text, [Constant, Loadable])),
    };

    private const string Constant = "constant";

    private const string Loadable = "loadable";

    /// <summary>Reads --top, --bus-width and --user-width.</summary>
    /// <exception cref="UserErrorException">There is no such top, a width is none, or one is given without the top (HLS5205).</exception>
    public static AxiStreamOptions? ParseTop(string? top, int? busWidth, int? userWidth)
    {
        if (top is not null && !Tops.Contains(top))
            throw new UserErrorException(Messages.UnknownOptionValue("--top", top, [.. Tops]));
        if (top != Tops[1])
        {
            return busWidth is null && userWidth is null ? null : throw new UserErrorException(Messages.BadOptionValue(
                busWidth is null ? "--user-width" : "--bus-width", Text(busWidth ?? userWidth!.Value), "of use without --top axi-stream"));
        }
        if (busWidth is < 8 or > WidestBus || busWidth % 8 > 0)
            throw new UserErrorException(Messages.BadOptionValue("--bus-width", Text(busWidth!.Value), $"a multiple of 8 from 8 to {WidestBus}"));
        if (userWidth is < 1 or > WidestBus)
            throw new UserErrorException(Messages.BadOptionValue("--user-width", Text(userWidth!.Value), $"a number of bits from 1 to {WidestBus}"));
        return new(busWidth ?? DefaultBusWidth, userWidth ?? DefaultUserWidth);

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The part for which hardware is planned where the user names none.</summary>
    public const string DefaultPart = "xcvu13p";

    /// <summary>The clock where the user names none.</summary>
    public const double DefaultClockMHz = 200;

    /// <summary>The largest latency that can be asked for.</summary>
    private const int MostStages = 1000;

    /// <summary>The name of Verilog in <c>--emit</c>.</summary>
    public const string Verilog = "verilog";

    /// <summary>The name of HLS C++ in <c>--emit</c>.</summary>
    public const string Hls = "hls";

    /// <summary>The name of the C++ library in <c>--emit</c>.</summary>
    public const string Library = "library";

    /// <summary>The name of the files for a board's project in <c>--emit</c>.</summary>
    public const string Board = "board";

    /// <summary>Whether Verilog is asked for: it takes a shift-and-add network for every constant, which a large network has no use for.</summary>
    public bool WantsVerilog => Emit is null || Emit.Contains(Verilog) || WantsBoard;

    /// <summary>Whether HLS C++ is asked for.</summary>
    public bool WantsHls => Emit is null || Emit.Contains(Hls);

    /// <summary>Whether the C++ library is asked for, which nobody gets unasked.</summary>
    public bool WantsLibrary => Emit is not null && Emit.Contains(Library);

    /// <summary>Whether the files for a board are asked for, which nobody gets unasked; the Verilog comes with them.</summary>
    public bool WantsBoard => Emit is not null && Emit.Contains(Board);

    /// <summary>Reads the value of --emit.</summary>
    /// <exception cref="UserErrorException">A name is unknown, or there is none (HLS5205).</exception>
    public static IReadOnlyList<string>? ParseEmit(string? text)
    {
        if (text is null)
            return null;
        string[] known = [Verilog, Hls, Library, Board];
        var names = ParseNames("--emit", text, string.Join(", ", known));
        foreach (var name in names.Where(n => !known.Contains(n)))
            throw new UserErrorException(Messages.UnknownOptionValue("--emit", name, known));
        return [.. known.Where(names.Contains)];
    }

    /// <summary>Reads the value of --adders: the most operands, and whether there may be tables beside adders.</summary>
    /// <exception cref="UserErrorException">There are no such adders (HLS5205).</exception>
    public static (int Operands, bool HasTables) ParseAdders(string? text) => text switch
    {
        null => (2, true),
        "two" => (2, false),
        "three" => (3, true),
        _ => throw new UserErrorException(Messages.UnknownOptionValue("--adders", text, ["two", "three"])),
    };

    /// <summary>Reads the values of --io and --pixels.</summary>
    /// <exception cref="UserErrorException">There is no such interface, or no such number of pixels (HLS5205).</exception>
    public static StreamOptions? ParseStream(string? io, string? pixels)
    {
        if (io is not (null or "parallel" or "io_parallel" or "stream" or "io_stream"))
            throw new UserErrorException(Messages.UnknownOptionValue("--io", io, ["parallel", "stream"]));
        var isStream = io is "stream" or "io_stream";
        if (pixels is null)
            return isStream ? new() : null;
        return isStream && int.TryParse(pixels, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 ? new(count)
            : throw new UserErrorException(Messages.BadOptionValue("--pixels", pixels, isStream ? "a whole number from 1 on" : "of use without --io stream"));
    }

    /// <summary>The value of --adders, null for the default.</summary>
    public string? Adders => AdderOperands > 2 ? "three" : InputTables ? null : "two";

    /// <summary>Reads the value of --effort.</summary>
    /// <exception cref="UserErrorException">There is no such effort (HLS5205).</exception>
    public static SearchEffort ParseEffort(string? text) => text is null ? default
        : SearchEffort.Parse(text) ?? throw new UserErrorException(Messages.UnknownOptionValue("--effort", text, ["quick", "normal", "high", "seconds such as 30s"]));

    /// <summary>Reads the value of --reuse.</summary>
    /// <exception cref="UserErrorException">The text is not a whole number from 1 on (HLS5205).</exception>
    public static int? ParseReuse(string? text) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var factor) && factor >= 1 ? factor
        : throw new UserErrorException(Messages.BadOptionValue("--reuse", text, "a whole number from 1 on"));

    /// <summary>Reads the value of --prune.</summary>
    /// <exception cref="UserErrorException">The text says not what to prune (HLS5205).</exception>
    public static PruneChoice? ParsePrune(string? text) => text is null ? null
        : PruneChoice.Parse(text) ?? throw new UserErrorException(Messages.BadOptionValue("--prune", text, PruneChoice.Form));

    /// <summary>Reads the value of --round-weights.</summary>
    /// <exception cref="UserErrorException">The text is no share (HLS5205).</exception>
    public static double? ParseRoundWeights(string? text) => text is null ? null
        : PruneChoice.ParseShare(text) ?? throw new UserErrorException(Messages.BadOptionValue("--round-weights", text, "a share of a layer's output such as 1%"));

    /// <summary>Reads --target-ii and --target-multipliers.</summary>
    /// <exception cref="UserErrorException">A value is not a whole number from 1 on, or both are given, or --reuse beside one (HLS5205).</exception>
    public static ReuseBudget? ParseBudget(string? interval, string? multipliers, string? reuse)
    {
        var (option, text) = interval is not null ? ("--target-ii", interval) : ("--target-multipliers", multipliers);
        if (text is null)
            return null;
        if (interval is not null && multipliers is not null)
            throw new UserErrorException(Messages.BadOptionValue("--target-multipliers", multipliers, "of use beside --target-ii: one of them decides the other"));
        if (reuse is not null)
            throw new UserErrorException(Messages.BadOptionValue("--reuse", reuse, $"of use beside {option}, with which the compiler chooses the factors"));
        if (option == "--target-ii" && text == "auto")
            return new(null, null);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            throw new UserErrorException(Messages.BadOptionValue(option, text, option == "--target-ii" ? "a whole number of cycles from 1 on, or auto" : "a whole number from 1 on"));
        return interval is not null ? new(number, null) : new(null, number);
    }

    /// <summary>Reads a list of names separated by commas.</summary>
    /// <exception cref="UserErrorException">There is none (HLS5205).</exception>
    public static IReadOnlyList<string> ParseNames(string option, string text, string kind)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 ? names : throw new UserErrorException(Messages.BadOptionValue(option, text, $"a list of {kind}"));
    }

    /// <summary>Reads <c>200MHz</c>, <c>0.2GHz</c>, <c>5ns</c>, or <c>none</c> for combinational hardware.</summary>
    /// <exception cref="UserErrorException">The text is not a clock (HLS5205).</exception>
    public static double? ParseClock(string? text)
    {
        if (text is null)
            return DefaultClockMHz;
        var trimmed = text.Trim();
        if (trimmed.Equals("none", StringComparison.OrdinalIgnoreCase))
            return null;
        (string Unit, Func<double, double> ToMHz)[] units = [("GHz", x => x * 1000), ("MHz", x => x), ("kHz", x => x / 1000), ("ns", x => 1000 / x), ("ps", x => 1e6 / x)];
        foreach (var (unit, toMHz) in units)
        {
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(trimmed[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number > 0 && toMHz(number) is >= 0.001 and <= 10_000 and var megahertz)
                return megahertz;
        }
        throw new UserErrorException(Messages.BadOptionValue("--clock", text, "a clock such as 200MHz or 5ns, or none for combinational hardware"));
    }

    /// <summary>Reads the value of --stages; 0 if it is not given.</summary>
    /// <exception cref="UserErrorException">The text is not a number of stages (HLS5205).</exception>
    public static int ParseStages(string? text) =>
        text is null ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stages) && stages is >= 1 and <= MostStages ? stages
        : throw new UserErrorException(Messages.BadOptionValue("--stages", text, $"a number of clock cycles from 1 to {MostStages}"));

    /// <summary>Reads the value of --depth-slack.</summary>
    /// <exception cref="UserErrorException">The text is not a number of levels (HLS5205).</exception>
    public static int ParseDepthSlack(string? text) =>
        text is null ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var levels) && levels <= SearchSharing.MostSlack ? levels
        : throw new UserErrorException(Messages.BadOptionValue("--depth-slack", text, $"a number of adder levels from 0 to {SearchSharing.MostSlack}"));

    /// <summary>Reads the name of a score.</summary>
    /// <exception cref="UserErrorException">There is no such score (HLS5205).</exception>
    public static Score ParseScore(string? text) => text switch
    {
        null => Score.None,
        "mu2" => Score.Mu2,
        "kl" => Score.Kl,
        "rz" => Score.Rz,
        "mse" => Score.Mse,
        "mae" => Score.Mae,
        "residual" => Score.Residual,
        "capsule" => Score.Capsule,
        _ => throw new UserErrorException(Messages.UnknownOptionValue("--score", text, ["mu2", "kl", "rz", "mse", "mae", "residual", "capsule"])),
    };

    /// <summary>Reads the type given with --precision.</summary>
    /// <exception cref="UserErrorException">The text is not a type (HLS3004).</exception>
    public static Quantizer? ParsePrecision(string? text, Rounding rounding, Overflow overflow)
    {
        if (text is null)
            return null;
        return Quantizer.TryParse(text, rounding, overflow, out var quantizer, out var problem)
            ? quantizer
            : throw new UserErrorException(Messages.BadType("--precision", text, problem));
    }
}
