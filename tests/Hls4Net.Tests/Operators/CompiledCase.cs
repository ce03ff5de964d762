using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Emulation;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Operators.Onnx;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Operators;

/// <summary>A model of one node compiled as the tool does it, ready to be emulated.</summary>
internal sealed class CompiledCase
{
    private readonly Emulator _emulator;

    /// <param name="operatorCase">The model.</param>
    /// <param name="configuration">The user's configuration file; the inputs are x0, x1, ….</param>
    public CompiledCase(OperatorCase operatorCase, string configuration = "")
    {
        var settings = ConfigurationReader.Read(configuration, "c.yaml", Diagnostics);
        var graph = OnnxImporter.Import(operatorCase.ToModel(), operatorCase.ToString(), null, new ImportOptions(), Diagnostics);
        Model = Pipelines.ToDesign(graph, Score.None, settings, null, Diagnostics)
            ?? throw new UserErrorException([.. Diagnostics.Items]);
        _emulator = new Emulator(Model.Design);
    }

    public DiagnosticBag Diagnostics { get; } = new();

    public CompiledModel Model { get; }

    public Design Design => Model.Design;

    public FixedType TypeOf(string channel) => Design.Channel(channel).Type!.Value;

    /// <summary>The emulated numbers of an output, event-major, for event-major numbers of the inputs, which must lie on the grids of their types.</summary>
    public double[] Run(params double[][] inputs) => Run("y0", inputs);

    public double[] Run(string output, double[][] inputs)
    {
        var raw = Design.Inputs.Select((name, k) => (name, Batch: InputConversion.Quantize(inputs[k], Shapes(name), Model.Typed.InputQuantizers[name])))
            .ToDictionary(x => x.name, x => x.Batch, StringComparer.Ordinal);
        return InputConversion.ToDoubles(_emulator.Run(raw, [output])[output], TypeOf(output));
    }

    /// <summary>All numbers of a type, ascending.</summary>
    public static double[] NumbersOf(FixedType type) =>
        [.. Enumerable.Range((int)type.MinimumRaw, 1 << type.Width).Select(raw => Math.ScaleB(raw, -type.Fraction))];

    private int Shapes(string name) => Core.Primitives.Shapes.Count(Design.ShapeOf(name));
}
