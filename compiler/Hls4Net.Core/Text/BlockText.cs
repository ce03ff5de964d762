using System.Globalization;
using System.Text;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;

namespace Hls4Net.Core.Text;

/// <summary>
/// The instructions of a block, one a line: <c>%2 = multiply %0 %1</c>. Loop indices are i0, i1, …, outermost first.
/// </summary>
internal static class BlockText
{
    private static readonly OperatorRegistry NoOperators = new([]);

    public static void Write(IrWriter writer, Block block)
    {
        writer.Write("{").Indent();
        for (var i = 0; i < block.Instructions.Count; i++)
        {
            writer.Line().Write("%").Write(i).Write(" = ");
            Write(writer, block.Instructions[i]);
        }
        writer.Outdent().Line().Write("}");
    }

    public static Block Read(IrReader reader)
    {
        reader.Expect('{');
        var instructions = new List<Instruction>();
        while (!reader.Takes('}'))
        {
            reader.Expect(string.Create(CultureInfo.InvariantCulture, $"%{instructions.Count}"));
            reader.Expect('=');
            instructions.Add(ReadInstruction(reader));
        }
        return new(instructions.ToSeq());
    }

    private static void Write(IrWriter writer, Instruction instruction)
    {
        switch (instruction)
        {
            case Load i:
                writer.Write("load ").Write(i.Input).Write(" ").Write(ToText(i.Element));
                break;
            case Literal i:
                writer.Write("literal ").Write(i.Value.ToString());
                break;
            case IndexValue i:
                writer.Write("index ").Write(ToText(i.Value));
                break;
            case Divide i:
                Operands(writer, "divide", i.Left, i.Right).Write(" ").Write(i.Fraction);
                break;
            case Compare i:
                Operands(writer, Name(i.Comparison), i.Left, i.Right);
                break;
            case Shift i:
                Operands(writer, "shift", i.Operand).Write(" ").Write(i.Power);
                break;
            case Cast i:
                Operands(writer, "cast", i.Operand).Write(" ").Write(i.Quantizer.ToString());
                break;
            case Lookup i:
                RecordText.Write(Operands(writer, "lookup", i.Operand).Write(" "), i.Table);
                break;
            case Reduce i:
                Write(writer, i);
                break;
            default:
                _ = instruction switch
                {
                    Add i => Operands(writer, "add", i.Left, i.Right),
                    Subtract i => Operands(writer, "subtract", i.Left, i.Right),
                    Multiply i => Operands(writer, "multiply", i.Left, i.Right),
                    Square i => Operands(writer, "square", i.Operand),
                    Minimum i => Operands(writer, "minimum", i.Left, i.Right),
                    Maximum i => Operands(writer, "maximum", i.Left, i.Right),
                    Select i => Operands(writer, "select", i.Condition, i.Then, i.Otherwise),
                    _ => throw new InvalidOperationException($"No text for {instruction.GetType().Name}."),
                };
                break;
        }
    }

    private static void Write(IrWriter writer, Reduce reduce)
    {
        writer.Write(Name(reduce.Reduction)).Write(" over ").Shape(reduce.Extents);
        foreach (var guard in reduce.Where)
            writer.Write(" where ").Write(ToText(guard.Coordinate)).Write(" below ").Write(guard.Extent);
        if (reduce.Initial >= 0)
            writer.Write(" from %").Write(reduce.Initial);
        if (reduce.Accumulator is { } accumulator)
            writer.Write(" in ").Write(accumulator.ToString());
        writer.Write(" ");
        Write(writer, reduce.Term);
    }

    private static Instruction ReadInstruction(IrReader reader)
    {
        var name = reader.Word().ToString();
        return name switch
        {
            "load" => new Load(reader.Integer(), Affine(reader)),
            "literal" => new Literal(reader.Dyadic()),
            "index" => new IndexValue(Affine(reader)),
            "add" => new Add(Operand(reader), Operand(reader)),
            "subtract" => new Subtract(Operand(reader), Operand(reader)),
            "multiply" => new Multiply(Operand(reader), Operand(reader)),
            "square" => new Square(Operand(reader)),
            "divide" => new Divide(Operand(reader), Operand(reader), reader.Integer()),
            "minimum" => new Minimum(Operand(reader), Operand(reader)),
            "maximum" => new Maximum(Operand(reader), Operand(reader)),
            "select" => new Select(Operand(reader), Operand(reader), Operand(reader)),
            "shift" => new Shift(Operand(reader), reader.Integer()),
            "cast" => new Cast(Operand(reader), reader.Quantizer()),
            "lookup" => new Lookup(Operand(reader), (Table)RecordText.Read(reader, typeof(Table), NoOperators)!),
            _ when Find<Comparison>(name) is { } comparison => new Compare(comparison, Operand(reader), Operand(reader)),
            _ when Find<Reduction>(name) is { } reduction => ReadReduce(reader, reduction),
            _ => throw reader.Error($"There is no instruction '{name}'."),
        };
    }

    private static Reduce ReadReduce(IrReader reader, Reduction reduction)
    {
        reader.Expect("over");
        var extents = reader.Shape();
        var guards = new List<Guard>();
        while (reader.Takes("where"))
        {
            var coordinate = Affine(reader);
            reader.Expect("below");
            guards.Add(new(coordinate, reader.Integer()));
        }
        var initial = reader.Takes("from") ? Operand(reader) : -1;
        Quantizer? accumulator = reader.Takes("in") ? reader.Quantizer() : null;
        return new(reduction, extents, guards.ToSeq(), Read(reader), accumulator, initial);
    }

    /// <summary>The offset and every term; a coefficient of zero only where it is the last, because it says how many there are.</summary>
    private static string ToText(Affine affine)
    {
        var text = new StringBuilder(affine.Offset == 0 && affine.Coefficients.Count > 0 ? "" : affine.Offset.ToString(CultureInfo.InvariantCulture));
        for (var k = 0; k < affine.Coefficients.Count; k++)
        {
            var coefficient = affine.Coefficients[k];
            if (coefficient == 0 && k < affine.Coefficients.Count - 1)
                continue;
            var sign = coefficient < 0 || text.Length == 0 ? "" : "+";
            text.Append(CultureInfo.InvariantCulture, $"{sign}{(coefficient == 1 ? "" : $"{coefficient}*")}i{k}");
        }
        return text.ToString();
    }

    private static Affine Affine(IrReader reader)
    {
        var word = reader.Word();
        var offset = 0;
        var coefficients = new List<int>();
        while (!word.IsEmpty)
        {
            var length = 1 + (word[1..].IndexOfAny('+', '-') is var next and >= 0 ? next : word.Length - 1);
            var term = word[..length];
            word = word[length..];
            var index = term.IndexOf('i');
            var factor = index < 0 ? term : term[..index].TrimEnd('*');
            var number = factor is "" or "+" ? 1 : Number(reader, factor);
            if (index < 0)
            {
                offset += number;
                continue;
            }
            var position = Number(reader, term[(index + 1)..]);
            if (position < coefficients.Count || position > 64)
                throw reader.Error($"'{term}' is out of order.");
            coefficients.AddRange(Enumerable.Repeat(0, position - coefficients.Count));
            coefficients.Add(number);
        }
        return new(offset, coefficients.ToSeq());
    }

    private static int Number(IrReader reader, ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw reader.Error($"'{text}' is not a number.");

    private static IrWriter Operands(IrWriter writer, string name, params ReadOnlySpan<int> operands)
    {
        writer.Write(name);
        foreach (var operand in operands)
            writer.Write(" %").Write(operand);
        return writer;
    }

    private static int Operand(IrReader reader)
    {
        var word = reader.Word();
        return word[0] == '%' ? Number(reader, word[1..]) : throw reader.Error($"An operand like %0 was expected, and there is '{word}'.");
    }

    private static string Name<T>(T member)
        where T : struct, Enum => member.ToString() switch
        {
            "LessOrEqual" => "less_or_equal",
            "Maximum" => "largest",
            "Minimum" => "smallest",
            var name => name.ToLowerInvariant(),
        };

    private static T? Find<T>(string name)
        where T : struct, Enum => Enum.GetValues<T>().Select(m => (T?)m).FirstOrDefault(m => Name(m!.Value) == name);
}
