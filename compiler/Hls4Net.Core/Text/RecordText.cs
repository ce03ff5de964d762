using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using Hls4Net.Core.Numbers;

namespace Hls4Net.Core.Text;

/// <summary>
/// Any record as <c>Name(Parameter = value, …)</c>, by its primary constructor: numbers, truth values, strings, enumerations, types,
/// sequences and records, each of which may be null. A parameter that has its declared default is left out.
/// </summary>
internal static class RecordText
{
    // Filled from what the compiler knows of each type; it cannot change a result.
    private static readonly ConcurrentDictionary<Type, Shape> Shapes = new();

    public static void Write(IrWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Write("null");
                break;
            case string text:
                writer.Quote(text);
                break;
            case bool truth:
                writer.Write(truth ? "true" : "false");
                break;
            case int or long or BigInteger or Enum or Dyadic or FixedType or Quantizer:
                writer.Write(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case Seq<string> names:
                writer.Names(names);
                break;
            case Seq<long> numbers:
                writer.List(numbers);
                break;
            case Seq<Dyadic> numbers:
                writer.List(numbers);
                break;
            default:
                if (IsSequence(value.GetType()))
                    WriteSequence(writer, (System.Collections.IEnumerable)value);
                else
                    WriteRecord(writer, value);
                break;
        }
    }

    /// <summary>Reads a value of the given type.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="type">What to read; an abstract record is found by name.</param>
    /// <param name="operators">The operators by name.</param>
    public static object? Read(IrReader reader, Type type, OperatorRegistry operators)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return reader.Takes("null") ? null : Read(reader, underlying, operators);
        if (type == typeof(int))
            return reader.Integer();
        if (type == typeof(long))
            return reader.Long();
        if (type == typeof(BigInteger))
            return reader.BigInteger();
        if (type == typeof(bool))
            return reader.Takes("true") || (reader.Takes("false") ? false : throw reader.Error("'true' or 'false' was expected."));
        if (type == typeof(Dyadic))
            return reader.Dyadic();
        if (type == typeof(FixedType))
            return reader.FixedType();
        if (type == typeof(Quantizer))
            return reader.Quantizer();
        if (type.IsEnum)
            return Enum.TryParse(type, reader.Word(), out var member) ? member : throw reader.Error($"A {type.Name} was expected.");
        if (IsSequence(type))
            return ReadSequence(reader, type, operators);
        if (reader.Takes("null"))
            return null;
        return type == typeof(string) ? reader.Quoted() : ReadRecord(reader, type, operators);
    }

    private static bool IsSequence(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Seq<>);

    private static void WriteSequence(IrWriter writer, System.Collections.IEnumerable items) =>
        writer.List(items.Cast<object?>().ToArray().AsSpan(), item => Write(writer, item));

    private static void WriteRecord(IrWriter writer, object value)
    {
        var shape = ShapeOf(value.GetType());
        writer.Write(value.GetType().Name);
        var separator = "(";
        foreach (var (parameter, property) in shape.Parameters)
        {
            var item = property.GetValue(value);
            if (parameter.HasDefaultValue && Equals(item, DefaultOf(parameter)))
                continue;
            writer.Write(separator).Write(parameter.Name!).Write(" = ");
            Write(writer, item);
            separator = ", ";
        }
        writer.Write(separator == "(" ? "" : ")");
    }

    private static object? ReadSequence(IrReader reader, Type type, OperatorRegistry operators)
    {
        var element = type.GetGenericArguments()[0];
        if (element == typeof(string))
            return reader.Names();
        if (element == typeof(long))
            return reader.List(reader.Long);
        if (element == typeof(Dyadic))
            return reader.List(reader.Dyadic);
        var items = reader.List(() => Read(reader, element, operators));
        var array = Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++)
            array.SetValue(items[i], i);
        return Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.NonPublic, null, [array], CultureInfo.InvariantCulture);
    }

    private static object ReadRecord(IrReader reader, Type type, OperatorRegistry operators)
    {
        var name = reader.Word().ToString();
        var actual = operators.Find(name, type) ?? throw reader.Error($"'{name}' is not a kind of {type.Name}.");
        var shape = ShapeOf(actual);
        var arguments = Array.ConvertAll(shape.Parameters, p => p.Parameter.HasDefaultValue ? DefaultOf(p.Parameter) : Type.Missing);
        if (reader.Takes('('))
        {
            while (!reader.Takes(')'))
            {
                var parameter = reader.Word().ToString();
                var position = Array.FindIndex(shape.Parameters, p => p.Parameter.Name == parameter);
                if (position < 0)
                    throw reader.Error($"{name} has no parameter '{parameter}'.");
                reader.Expect('=');
                arguments[position] = Read(reader, shape.Parameters[position].Parameter.ParameterType, operators);
            }
        }
        var missing = Array.IndexOf(arguments, Type.Missing);
        if (missing >= 0)
            throw reader.Error($"{name} needs its parameter '{shape.Parameters[missing].Parameter.Name}'.");
        return shape.Constructor.Invoke(arguments);
    }

    private static object? DefaultOf(ParameterInfo parameter) => parameter.DefaultValue is { } value && parameter.ParameterType.IsEnum
        ? Enum.ToObject(parameter.ParameterType, value)
        : parameter.DefaultValue;

    /// <summary>The primary constructor is the one whose every parameter is a property; the copy constructor is not.</summary>
    private static Shape ShapeOf(Type type) => Shapes.GetOrAdd(type, static t =>
    {
        foreach (var constructor in t.GetConstructors(BindingFlags.Instance | BindingFlags.Public))
        {
            var parameters = constructor.GetParameters();
            var properties = Array.ConvertAll(parameters, p => t.GetProperty(p.Name!));
            if (Array.TrueForAll(properties, p => p is not null))
                return new Shape(constructor, [.. parameters.Zip(properties, (p, q) => (p, q!))]);
        }
        throw new InvalidOperationException($"{t} has no primary constructor, so that it has no text.");
    });

    private sealed record Shape(ConstructorInfo Constructor, (ParameterInfo Parameter, PropertyInfo Property)[] Parameters);
}
