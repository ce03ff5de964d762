using Google.Protobuf;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Onnx.Proto;
using static Hls4Net.Operators.Onnx.Proto.TensorProto.Types;

namespace Hls4Net.Sweep;

/// <summary>
/// Cases as the ONNX project ships them: a folder for each, with model.onnx and folders test_data_set_N that hold input_K.pb and output_K.pb.
/// </summary>
internal static class FolderCases
{
    /// <summary>The folders below a path that hold a model with data.</summary>
    public static IEnumerable<string> Find(string path) => Directory.EnumerateFiles(path, "model.onnx", SearchOption.AllDirectories)
        .Select(f => Path.GetDirectoryName(f)!).Where(f => Directory.Exists(Path.Combine(f, "test_data_set_0"))).Order(StringComparer.Ordinal);

    /// <summary>
    /// Tries a case as it is; where the compiler refuses that because inputs such as shapes and axes must be constants, also with all inputs
    /// but the first made constants, which is how exporters write them. The first verdict that is no refusal counts.
    /// </summary>
    public static Finding Run(string folder)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        var set = Path.Combine(folder, "test_data_set_0");
        TensorProto[] inputs = [.. Enumerable.Range(0, model.Graph.Input.Count).Select(k => Read(Path.Combine(set, $"input_{k}.pb"), model.Graph.Input[k].Name))];
        TensorProto[] outputs = [.. Enumerable.Range(0, model.Graph.Output.Count).Select(k => Read(Path.Combine(set, $"output_{k}.pb"), model.Graph.Output[k].Name))];
        var asItIs = Run(model, inputs, outputs);
        for (var first = 0; first < inputs.Length && asItIs.Outcome == Outcome.Refused && inputs.Length > 1; first++)
        {
            var constants = model.Clone();
            var kept = first;
            constants.Graph.Initializer.AddRange(inputs.Where((_, k) => k != kept));
            constants.Graph.Input.Clear();
            constants.Graph.Input.Add(model.Graph.Input[kept]);
            var withConstants = Run(constants, [inputs[kept]], outputs);
            if (withConstants.Outcome != Outcome.Refused)
                return withConstants;
        }
        return asItIs;
    }

    private static Finding Run(ModelProto model, TensorProto[] inputs, TensorProto[] outputs)
    {
        try
        {
            return Trial.Run(model.ToByteArray(), inputs.ToDictionary(i => i.Name, i => Sample(i).Values, StringComparer.Ordinal),
                outputs.ToDictionary(o => o.Name, Sample, StringComparer.Ordinal));
        }
        catch (ImportException e)
        {
            return new(Outcome.NoReference, e.Diagnostic.Message);
        }
    }

    private static TensorProto Read(string path, string name)
    {
        var tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(path));
        tensor.Name = name;
        return tensor;
    }

    private static Sample Sample(TensorProto tensor)
    {
        var constant = new TensorReader(null).Read(tensor, tensor.Name);
        return new(constant.Shape, [.. constant.Values.Select(v => v.ToDouble())])
        {
            Tolerance = tensor.DataType switch
            {
                (int)DataType.Float16 => 1.0 / 1024,
                (int)DataType.Bfloat16 => 1.0 / 128,
                _ => Sweep.Sample.Default,
            }
        };
    }
}
