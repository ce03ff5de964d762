using System.Reflection;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Kernels;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Primitives;
using Hls4Net.Core.Text;
using Hls4Net.Operators;

namespace Hls4Net.Tests.Text;

/// <summary>Guards against a property that is added to a record and forgotten in its text.</summary>
public sealed class EveryPropertyIsPrintedTests
{
    private static readonly FixedType Type = new(true, 8, 4);
    private static readonly ConstantTensor Tensor = new([1], [Dyadic.One], Type, [16]);
    private static readonly Origin From = new("a", "b") { Merged = ["c"] };
    private static readonly Value Constant = new("w", [1], Type, Tensor);
    private static readonly Node Product = new("n", new Dense(), ["x"], ["y"], From);
    private static readonly Quantizer Narrow = new(Type, Rounding.Rnd, Overflow.Sat);

    private static readonly Reduce Sum = new(Reduction.Sum, [2], [new Guard(new Affine(1, [2]), 3)], new Block([new Literal(Dyadic.One)]), Narrow, 0);

    [Fact]
    public void A_change_to_any_property_of_a_graph_changes_its_text()
    {
        Check(new Graph("g", [Constant], ["x"], ["y"], ["s"], [Product]), g => g);
        Check(Constant, v => Graph() with { Values = [v] });
        Check(Tensor, t => Graph() with { Values = [Constant with { Constant = t }] });
        Check(Product, n => Graph() with { Nodes = [n] });
        Check(From, o => Graph() with { Nodes = [Product with { Origin = o }] });
        static Graph Graph() => new("g", [], [], [], [], []);
    }

    [Fact]
    public void A_change_to_any_property_of_a_design_changes_its_text()
    {
        var kernel = new Kernel([2], new Block([new Literal(Dyadic.One)]));
        var channel = new Channel("c", [1], Type, "s");
        var stated = new StatedError(Dyadic.One, Dyadic.One, ["x"]);
        var stage = new Stage("s", kernel, ["x"], "y", From, Schedule.Unrolled) { Stated = stated };
        Check(new Design("d", ["x"], ["s"], ["y"], [channel], [new("w", Tensor)], [stage]), d => d);
        Check(channel, c => Design() with { Channels = [c] });
        Check(new NamedConstant("w", Tensor), c => Design() with { Constants = [c] });
        Check(stage, s => Design() with { Stages = [s] });
        Check(new FoldedSchedule(2, 3), f => Design() with { Stages = [stage with { Schedule = f }] });
        Check(stated, s => Design() with { Stages = [stage with { Stated = s }] });
        Check(kernel, k => Design() with { Stages = [stage with { Computation = k }] });
        Check(new Wiring([0], [1], [Dyadic.One]), w => Design() with { Stages = [stage with { Computation = w }] }, together: true);
        Check(Sum, r => OfInstruction(r));
        Check(Sum.Where[0], g => OfInstruction(Sum with { Where = [g] }));
        Check(new Affine(1, [2]), a => OfInstruction(new Load(0, a)));
        foreach (var instruction in SimpleInstructions())
            CheckAny(instruction, i => OfInstruction((Instruction)i));
        Design OfInstruction(Instruction i) => Design() with { Stages = [stage with { Computation = new Kernel([2], new Block([i])) }] };
        static Design Design() => new("d", [], [], [], [], [], []);
    }

    [Fact]
    public void Every_instruction_is_among_those_checked() =>
        Assert.Equal(typeof(Instruction).Assembly.GetTypes().Where(t => t.BaseType == typeof(Instruction)).Select(t => t.Name).Order(),
            SimpleInstructions().Append(Sum).Select(i => i.GetType().Name).Order());

    private static Instruction[] SimpleInstructions() =>
    [
        new Load(1, new Affine(0, [1])), new Literal(Dyadic.One), new IndexValue(new Affine(0, [1])), new Add(1, 2), new Subtract(1, 2), new Multiply(1, 2),
        new Square(1), new Divide(1, 2, 3), new Minimum(1, 2), new Maximum(1, 2), new Compare(Comparison.Less, 1, 2), new Select(1, 2, 3), new Shift(1, 2),
        new Core.Primitives.Cast(1, Narrow), new Lookup(1, new Table(new RealFunction("exp", []), null)),
    ];

    private static void Check<T>(T record, Func<T, Graph> inside)
        where T : class => CheckAny(record, x => inside((T)x));

    private static void Check<T>(T record, Func<T, Design> inside, bool together = false)
        where T : class => CheckAny(record, x => inside((T)x), together);

    private static void CheckAny(object record, Func<object, Graph> inside) => CheckText(record, x => inside(x).ToText(), together: false);

    private static void CheckAny(object record, Func<object, Design> inside, bool together = false) => CheckText(record, x => inside(x).ToText(), together);

    /// <param name="record">Each settable property is changed in a copy.</param>
    /// <param name="toText">The text of something that holds the record.</param>
    /// <param name="together">Whether sequences belong together element by element, so that one item is changed and none added.</param>
    private static void CheckText(object record, Func<object, string> toText, bool together)
    {
        var properties = record.GetType().GetProperties().Where(p => p.SetMethod is not null).ToList();
        Assert.NotEmpty(properties);
        foreach (var property in properties)
        {
            var clone = record.GetType().GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public)!.Invoke(record, null)!;
            property.SetValue(clone, Other(property.GetValue(record)!, property.PropertyType, together));
            Assert.True(toText(record) != toText(clone), $"{record.GetType().Name}.{property.Name} is not in the text.");
        }
    }

    private static object? Other(object value, Type type, bool together) => value switch
    {
        int n => n + 1,
        bool b => !b,
        string s => s + "'",
        Enum e => Enum.ToObject(e.GetType(), Convert.ToInt32(e) == 0 ? 1 : 0),
        FixedType t => t with { Width = t.Width + 1 },
        Quantizer q => q with { Rounding = Rounding.RndConv },
        Dyadic d => d + Dyadic.One,
        ConstantTensor t => t with { Shape = [7] },
        Origin o => o with { Node = "other" },
        Affine a => a with { Offset = 9 },
        Block => new Block([new Literal(new Dyadic(7, 0))]),
        Kernel k => k with { Domain = [9] },
        Table t => t with { Function = new RealFunction("other", []) },
        Operator => new Rectify(),
        Seq<int> s => together ? new[] { s[0] + 1 }.ToSeq() : s.Append(5).ToSeq(),
        Seq<string> s => s.Append("more").ToSeq(),
        Seq<long> s => s.Append(5).ToSeq(),
        Seq<Dyadic> s => s.Append(Dyadic.One).ToSeq(),
        Seq<Value> s => s.Append(s[0]).ToSeq(),
        Seq<Node> s => s.Append(s[0]).ToSeq(),
        Seq<Channel> s => s.Append(s[0]).ToSeq(),
        Seq<NamedConstant> s => s.Append(s[0]).ToSeq(),
        Seq<Stage> s => s.Append(s[0]).ToSeq(),
        Seq<Guard> s => s.Append(s[0]).ToSeq(),
        Schedule => null,
        StatedError => null,
        _ => throw new InvalidOperationException($"Teach this test another {type}."),
    };
}
