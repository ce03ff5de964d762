using System.Reflection;
using System.Text;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Text;

public sealed class GraphTextTests
{
    private static readonly OperatorRegistry Operators = OperatorRegistry.Of(typeof(Catalogue).Assembly);

    public static TheoryData<string> Names => [.. Operators.Types.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_operator_is_read_back_equal_whatever_its_parameters(string name)
    {
        var type = Operators.Types.Single(t => t.Name == name);
        for (var seed = 0; seed < 40; seed++)
        {
            var definition = (Operator)Draw(type, new Random(seed), 0)!;
            CheckRoundTrip(new Graph("g", [], [], [], [], [new Node("n", definition, ["x", ""], ["y"], new Origin("n", name))]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_property_of_an_operator_that_can_be_set_is_a_parameter(string name)
    {
        // Otherwise the text would lose it.
        var type = Operators.Types.Single(t => t.Name == name);
        var settable = type.GetProperties().Where(p => p.SetMethod is not null).Select(p => p.Name).Order();
        var parameters = type.GetConstructors().Where(c => c.GetParameters() is not [var p] || p.ParameterType != type).SelectMany(c => c.GetParameters()).Select(p => p.Name!).Order();
        Assert.Equal(parameters, settable);
    }

    [Fact]
    public void Hostile_names_survive_wherever_they_stand()
    {
        foreach (var name in HostileNames.All)
        {
            var value = new Value(name, [1, 2], null, null);
            var constant = new Value(name + "c", [1], new FixedType(true, 3, 3), new ConstantTensor([1], [Dyadic.One], new FixedType(true, 3, 3), [1]));
            var graph = new Graph(name, [value, constant], [name], [name], [name], [new Node(name, new Rectify(), [name], [name], new Origin(name, name))]);
            CheckRoundTrip(graph);
            Assert.Equal(graph, GraphText.Parse(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(graph.ToText())), Operators));
        }
    }

    [Fact]
    public void A_graph_reads_like_a_list_of_values_and_nodes()
    {
        var type = new FixedType(true, 6, 1);
        Seq<Value> values =
        [
            new("x", [1, 2], new FixedType(true, 8, 4), null),
            new("w", [2, 1], type, ConstantTensor.Of([2, 1], [new Dyadic(1, -1), new Dyadic(5, -8)]).Quantize(new(type, Rounding.Trn, Overflow.Sat))),
            new("b", [1], type, ConstantTensor.Of([1], [new Dyadic(-3, -4)]).Quantize(new(type, Rounding.Trn, Overflow.Sat))),
            new("y", [1, 1], null, null),
        ];
        var accumulator = new Quantizer(new FixedType(true, 16, 6), Rounding.Trn, Overflow.Wrap);
        var graph = new Graph("g", values, ["x"], ["y"], [], [new Node("fc", new Dense(accumulator), ["x", "w", "b"], ["y"], new Origin("fc", "Gemm"))]);
        Assert.Equal(
            """
            graph "g"
            inputs ("x")
            settings ()
            outputs ("y")
            value "x" [1, 2] fixed<8,4>
            value "w" [2, 1] fixed<6,1> constant [2, 1] fixed<6,1>
              numbers [1p-1 5p-8]
              raw [16 0]
            value "b" [1] fixed<6,1> constant [1] fixed<6,1>
              exact [-6]
            value "y" [1, 1] real
            node "fc" = Dense(Accumulator = fixed<16,6,TRN,WRAP>) of ("x", "w", "b") gives ("y") from "fc" "Gemm"

            """.ReplaceLineEndings("\n"), graph.ToText());
        CheckRoundTrip(graph);
    }

    [Theory]
    [InlineData("Dense", "Lamp", "Line 5: 'Lamp' is not a kind of Operator.")]
    [InlineData("Dense", "Operator", "Line 5: 'Operator' is not a kind of Operator.")]
    [InlineData("Dense", "null", "Line 5: A node has an operator.")]
    [InlineData("Dense", "Dense(Accumulator = 3)", "Line 5: '3': a type is written like")]
    [InlineData("Dense", "Reshape", "Line 5: Reshape needs its parameter 'Shape'.")]
    [InlineData("\"n\" = ", "\"n\" ", "Line 5: '=' was expected, and there is 'Dense'.")]
    public void A_text_that_is_no_graph_is_refused_with_its_line(string part, string replacement, string message)
    {
        var graph = new Graph("g", [], [], [], [], [new Node("n", new Dense(), ["x"], ["y"], new Origin("o", "Gemm"))]);
        var text = graph.ToText().Replace(part, replacement, StringComparison.Ordinal);
        Assert.StartsWith(message, Assert.Throws<IrFormatException>(() => GraphText.Parse(text, Operators)).Message);
    }

    [Fact]
    public void An_operator_has_one_name()
    {
        Assert.Throws<ArgumentException>(() => new OperatorRegistry([typeof(Dense), typeof(Dense)]));
        Assert.Throws<ArgumentException>(() => new OperatorRegistry([typeof(Operator)]));
    }

    private static void CheckRoundTrip(Graph graph)
    {
        var text = graph.ToText();
        var read = GraphText.Parse(text, Operators);
        Assert.True(graph == read, text);
        Assert.Equal(text, read.ToText());
    }

    /// <summary>Any value of a parameter's type.</summary>
    private static object? Draw(Type type, Random random, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return random.Next(3) == 0 ? null : Draw(underlying, random, depth);
        if (type == typeof(int))
            return random.Next(-5, 100);
        if (type == typeof(long))
            return random.NextInt64();
        if (type == typeof(bool))
            return random.Next(2) == 0;
        if (type == typeof(string))
            return HostileNames.All[random.Next(HostileNames.All.Length)];
        if (type == typeof(Dyadic))
            return new Dyadic(random.Next(-99, 99), random.Next(-99, 99));
        if (type == typeof(FixedType))
            return new FixedType(random.Next(2) == 0, random.Next(1, 99), random.Next(-99, 99));
        if (type == typeof(Quantizer))
            return new Quantizer((FixedType)Draw(typeof(FixedType), random, depth)!, (Rounding)random.Next(7), (Overflow)random.Next(4));
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Seq<>))
            return DrawSequence(type.GetGenericArguments()[0], random, depth);
        if (depth > 0 && type == typeof(TableData) && random.Next(3) == 0)
            return null;
        if (type.IsAbstract)
        {
            var kinds = type.Assembly.GetTypes().Where(t => t.IsSubclassOf(type) && !t.IsAbstract).OrderBy(t => t.Name, StringComparer.Ordinal).ToArray();
            return Draw(kinds[random.Next(kinds.Length)], random, depth);
        }
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public).Single(c => c.GetParameters() is not [var p] || p.ParameterType != type);
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Draw(p.ParameterType, random, depth + 1))]);
    }

    private static object DrawSequence(Type element, Random random, int depth)
    {
        var array = Array.CreateInstance(element, random.Next(4) == 0 ? 0 : random.Next(40));
        for (var i = 0; i < array.Length; i++)
            array.SetValue(Draw(element, random, depth), i);
        return typeof(Seq).GetMethod(nameof(Seq.Own))!.MakeGenericMethod(element).Invoke(null, [array])!;
    }
}
