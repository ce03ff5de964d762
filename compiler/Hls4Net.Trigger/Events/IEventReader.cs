namespace Hls4Net.Trigger.Events;

/// <summary>Formats of event files.</summary>
public enum EventFormat
{
    /// <summary>HDF5 of the ADC2021 data challenge: Particles [events, 19, 4].</summary>
    Adc2021,

    /// <summary>Text of the Dark Machines challenge: one event a line, objects after semicolons, MeV.</summary>
    DarkMachines,

    /// <summary>Features of events in the style of the LHC Olympics: a dataset [events, features] of an HDF5 file.</summary>
    Hdf5Table,

    /// <summary>Features of events, separated by commas, with a line of names.</summary>
    Csv,

    /// <summary>An array [events, …] of features.</summary>
    NumPy,
}

/// <summary>Reads a file of events block by block, so that it may be larger than memory.</summary>
public interface IEventReader : IDisposable
{
    string Path { get; }

    EventFormat Format { get; }

    /// <summary>How many events the file has; null if that is known at its end only.</summary>
    long? Count { get; }

    /// <summary>Names of the features; empty where the file has objects or names nothing.</summary>
    IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The next events, as many as suits the file; null at its end.</summary>
    /// <exception cref="Core.Diagnostics.UserErrorException">The file is damaged or holds what it must not (HLS4101 to HLS4104).</exception>
    EventBlock? Read();
}
