namespace Hls4Net.Core.Passes;

/// <summary>What <c>hls4net passes</c> says of a pass.</summary>
/// <param name="promise">What the pass leaves as it was.</param>
/// <param name="summary">One sentence: what it rewrites, and why that is good.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PassAttribute(Promise promise, string summary) : Attribute
{
    public Promise Promise { get; } = promise;

    public string Summary { get; } = summary;
}
