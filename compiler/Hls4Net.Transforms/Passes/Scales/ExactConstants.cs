using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Transforms.Typing;

namespace Hls4Net.Transforms.Passes.Scales;

/// <summary>Constants that nothing may round.</summary>
internal static class ExactConstants
{
    /// <summary>The constant with the narrowest type that holds it exactly, or as it is if none of at most 63 bits does.</summary>
    public static ConstantTensor WithExactType(ConstantTensor tensor)
    {
        var type = TypeRules.ExactType(tensor.Values);
        return type.Width > ConstantTensor.MaximumWidth ? tensor : tensor.Quantize(new(type, Rounding.Trn, Overflow.Wrap));
    }
}
