using System.Text.Json;
using Hls4Net.Core.Data;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators.Hls;
using Hls4Net.Tests.Support;

namespace Hls4Net.Tests.Hls;

/// <summary>Each activation of the reference projects on its own: fed with the traced operand, it gives the traced result.</summary>
public sealed class HlsTraceTests
{
    public static TheoryData<string> Projects()
    {
        var data = new TheoryData<string>();
        if (TestFiles.SharedOrNull("data/hls4ml") is not { } folder)
            return ["(no reference data)"];
        foreach (var file in Directory.GetFiles(folder, "layers.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Layers(file).Any(IsActivation))
                data.Add(Path.GetRelativePath(folder, Path.GetDirectoryName(file)!));
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_activation_gives_the_traced_bits(string project)
    {
        var folder = Path.Combine(TestFiles.Shared("data/hls4ml"), project);
        var layers = Layers(Path.Combine(folder, "layers.json"));
        var trace = Npz.Read(Path.Combine(folder, "trace.npz"));
        foreach (var layer in layers.Where(IsActivation))
        {
            var operand = layer.GetProperty("inputs")[0].GetString();
            var before = layers.Single(l => l.GetProperty("outputs").EnumerateArray().Any(o => o.GetString() == operand));
            var input = OperatorRun.Type(layer.GetProperty("input_type").GetProperty("str").GetString()!).Type;
            var result = TypeOf(layer, "result_t")!.Value;
            var x = trace[before.GetProperty("name").GetString()!].ToDoubles();
            var expected = trace[layer.GetProperty("name").GetString()!].ToDoubles();
            var raw = Array.ConvertAll(x, v => (long)Dyadic.FromDouble(v).ToRaw(input.Fraction));
            var count = layer.GetProperty("attrs").GetProperty("n_in").GetInt32();
            var found = OperatorRun.Emulate(OperatorOf(layer, input), input, [1, count], raw, result);
            Assert.Equal(expected, Array.ConvertAll(found, r => Math.ScaleB(r, -result.Type.Fraction)));
        }
    }

    private static Operator OperatorOf(JsonElement layer, FixedType input)
    {
        var attributes = layer.GetProperty("attrs");
        var size = int.Parse(attributes.GetProperty("table_size").ToString(), System.Globalization.CultureInfo.InvariantCulture);
        var table = TypeOf(layer, "table_t")!.Value;
        var name = attributes.GetProperty("activation").GetString()!;
        if (name == "softmax")
            return new HlsSoftmaxLayer(1, MethodOf(layer, input, size));
        if (name == "LeakyReLU")
            return new HlsLeakyRectify(Dyadic.FromDouble(attributes.GetProperty("activ_param").GetDouble())).Typed(TypeOf(layer, "param_t")!.Value);
        var curve = Enum.Parse<HlsCurve>(name, ignoreCase: true);
        return new HlsTableActivation(curve, Dyadic.One).Typed(size, table, TypeOf(layer, "param_t") ?? table);
    }

    private static HlsSoftmaxMethod MethodOf(JsonElement layer, FixedType input, int size)
    {
        var (exp, divisor, inverse) = (TypeOf(layer, "exp_table_t")!.Value, TypeOf(layer, "inv_inp_t")!.Value, TypeOf(layer, "inv_table_t")!.Value);
        var sum = TypeOf(layer, "accum_t")!.Value;
        return layer.GetProperty("attrs").GetProperty("implementation").GetString() switch
        {
            "stable" => HlsSoftmaxTypes.Stable(input, null, size, exp, sum, divisor, inverse),
            "latency" => HlsSoftmaxTypes.Latency(input, size, exp, sum, divisor, inverse),
            "legacy" => HlsSoftmaxTypes.Legacy(HlsSoftmaxTypes.Cut(size, input, inverse), TypeOf(layer, "table_t")!.Value),
            _ => new HlsSoftmaxArgmax(),
        };
    }

    private static bool IsActivation(JsonElement layer) => layer.GetProperty("class_name").GetString() is "Softmax" or "ParametrizedActivation"
        || (layer.GetProperty("class_name").GetString() == "Activation"
            && layer.GetProperty("attrs").GetProperty("activation").GetString() is not ("ReLU" or "relu" or "linear"));

    private static Quantizer? TypeOf(JsonElement layer, string name) =>
        layer.GetProperty("types").TryGetProperty(name, out var type) ? OperatorRun.Type(type.GetProperty("str").GetString()!) : null;

    private static List<JsonElement> Layers(string file) => [.. JsonDocument.Parse(File.ReadAllText(file)).RootElement.EnumerateArray()];
}
