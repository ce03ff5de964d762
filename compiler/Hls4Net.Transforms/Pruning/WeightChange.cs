using Hls4Net.Core.Graphs;

namespace Hls4Net.Transforms.Pruning;

/// <summary>What was done to the weights of a layer on their way to integers, beyond rounding to a type.</summary>
/// <param name="Origin">The layer.</param>
/// <param name="Choice">What was asked for, as text.</param>
/// <param name="Weights">How many weights there are.</param>
/// <param name="ZerosBefore">How many of them would be zero anyway.</param>
/// <param name="Zeros">How many are.</param>
/// <param name="Changed">How many others are not the integer that is nearest in the type.</param>
/// <param name="Error">
/// How far the layer's output is off because of its weights, root mean square as a share of the output's own, each weight by itself; on the calibration
/// events if there are some.
/// </param>
/// <param name="UnusedInputs">Features or channels that no weight reads any more.</param>
/// <param name="EmptyOutputs">Neurons or filters that are the same for every event.</param>
public sealed record WeightChange(Origin Origin, string Choice, int Weights, int ZerosBefore, int Zeros, int Changed, double Error, int UnusedInputs, int EmptyOutputs);
