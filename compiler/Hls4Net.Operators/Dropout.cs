using Hls4Net.Core.Diagnostics;
using Hls4Net.Operators.Onnx;

namespace Hls4Net.Operators;

/// <summary>ONNX Dropout in inference: nothing is dropped.</summary>
internal static class Dropout
{
    public static void Import(OnnxNode node)
    {
        node.Attributes.Ignore("ratio");
        node.Attributes.Ignore("seed");
        var x = node.Input(0, "input");
        if (node.Opset >= 12)
        {
            node.Optional(1, "ratio");
            if (node.Optional(2, "training mode") is not null && node.Constant(2, "training mode").Values.Any(v => !v.IsZero))
                throw new ImportException(Messages.TrainingMode(node.Where, "Dropout drops values (training_mode is true)."));
        }
        node.Output(new Reshape(x.Shape), x);
    }

    public static IEnumerable<OperatorCase> Cases() =>
    [
        OperatorCase.Of("Dropout", "ratio as attribute", 7).Input(1, 3).With("ratio", 0.25f),
        OperatorCase.Of("Dropout", "ratio as input").Input(1, 3).Constant([], [0.25]).With("seed", 7),
    ];
}
