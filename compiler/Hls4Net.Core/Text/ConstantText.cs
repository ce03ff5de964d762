using Hls4Net.Core.Graphs;

namespace Hls4Net.Core.Text;

/// <summary>
/// A constant tensor: shape, type, exact numbers as mantissa and power of two, and the raw integers once there are any. Where the numbers
/// are exactly those of the integers, they are not written twice.
/// </summary>
internal static class ConstantText
{
    public static void Write(IrWriter writer, ConstantTensor tensor)
    {
        writer.Write("constant ").Shape(tensor.Shape).Write(" ").Type(tensor.Type).Indent();
        if (IsExactlyRaw(tensor))
            writer.Line().Write("exact ").List(tensor.Raw);
        else
            writer.Line().Write("numbers ").List(tensor.Values).Line().Write("raw ").List(tensor.Raw);
        writer.Outdent();
    }

    public static ConstantTensor Read(IrReader reader)
    {
        reader.Expect("constant");
        var shape = reader.Shape();
        var type = reader.Type();
        if (reader.Takes("exact"))
        {
            var fraction = (type ?? throw reader.Error("Exact integers need a type.")).Fraction;
            var integers = reader.List(reader.Long);
            return new(shape, integers.Select(n => new Numbers.Dyadic(n, -fraction)).ToSeq(), type, integers);
        }
        reader.Expect("numbers");
        var values = reader.List(reader.Dyadic);
        reader.Expect("raw");
        return new(shape, values, type, reader.List(reader.Long));
    }

    private static bool IsExactlyRaw(ConstantTensor tensor)
    {
        if (tensor.Type is null || tensor.Raw.Count != tensor.Values.Count)
            return false;
        for (var i = 0; i < tensor.Raw.Count; i++)
        {
            if (tensor.Typed(i) != tensor.Values[i])
                return false;
        }
        return true;
    }
}
