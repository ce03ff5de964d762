namespace Hls4Net.Trigger.Metrics;

/// <summary>How often bunches collide.</summary>
/// <param name="Bunches">Colliding pairs of bunches in an orbit.</param>
/// <param name="OrbitKHz">Orbits a millisecond.</param>
public sealed record BunchStructure(int Bunches, double OrbitKHz)
{
    /// <summary>The LHC's: 11.245 kHz; 2544 colliding bunches is a filling scheme that it used.</summary>
    public static BunchStructure Lhc { get; } = new(2544, 11.245);

    /// <summary>Collisions a millisecond: what a trigger that accepts everything would have as its rate, in kHz.</summary>
    public double CollisionKHz => Bunches * OrbitKHz;

    /// <summary>The rate of a trigger that accepts a share of the events of random collisions.</summary>
    public double RateKHz(double share) => share * CollisionKHz;
}
