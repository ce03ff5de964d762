using System.Runtime.InteropServices;
using System.Text;

namespace Hls4Net.Trigger.Hdf5;

/// <summary>
/// The functions of the native HDF5 library that are needed here, of the C interface of version 1.10 and later, whose identifiers have 64
/// bits. The library keeps global state and is mostly built without locks: every call is made under <see cref="Gate"/>.
/// </summary>
internal sealed unsafe class Hdf5Api
{
    /// <summary>An argument that takes the library's defaults.</summary>
    public const long Default = 0;

    private const int Failed = -1;

    private readonly nint _library;
    private readonly long _withGroups;
    private readonly delegate* unmanaged<long, int, delegate* unmanaged<uint, Hdf5ErrorEntry*, nint, int>, nint, int> _walkErrors;

    private Hdf5Api(nint library, string version)
    {
        (_library, Version) = (library, version);
        _walkErrors = (delegate* unmanaged<long, int, delegate* unmanaged<uint, Hdf5ErrorEntry*, nint, int>, nint, int>)Export("H5Ewalk2");
        // What goes wrong is reported by us, not printed by the library.
        ((delegate* unmanaged<long, nint, nint, int>)Export("H5Eset_auto2"))(Default, 0, 0);
        (Double, Int64, UInt8, CString) = (TypeOf("H5T_NATIVE_DOUBLE_g"), TypeOf("H5T_NATIVE_INT64_g"), TypeOf("H5T_NATIVE_UINT8_g"), TypeOf("H5T_C_S1_g"));
        _withGroups = One("H5Pcreate", TypeOf("H5P_CLS_LINK_CREATE_ID_g"));
        ((delegate* unmanaged<long, uint, int>)Export("H5Pset_create_intermediate_group"))(_withGroups, 1);
        (DatasetCreation, DatasetAccess) = (TypeOf("H5P_CLS_DATASET_CREATE_ID_g"), TypeOf("H5P_CLS_DATASET_ACCESS_ID_g"));
    }

    /// <summary>Held while the library runs.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>For example <c>1.10.8</c>.</summary>
    public string Version { get; }

    /// <summary>Types in memory.</summary>
    public long Double { get; }

    public long Int64 { get; }

    public long UInt8 { get; }

    public long CString { get; }

    /// <summary>Classes of property lists.</summary>
    public long DatasetCreation { get; }

    public long DatasetAccess { get; }

    /// <summary>Binds a loaded library; a reason in words if it is another one or too old.</summary>
    public static Hdf5Api? TryBind(nint library, out string reason)
    {
        reason = "it is not HDF5: its function H5open is missing";
        if (!NativeLibrary.TryGetExport(library, "H5open", out var open) || !NativeLibrary.TryGetExport(library, "H5get_libversion", out var getVersion))
            return null;
        lock (Gate)
        {
            uint major, minor, release;
            ((delegate* unmanaged<uint*, uint*, uint*, int>)getVersion)(&major, &minor, &release);
            var version = FormattableString.Invariant($"{major}.{minor}.{release}");
            reason = $"it is HDF5 {version}, and 1.10 or later is needed";
            return major == 1 && minor < 10 || ((delegate* unmanaged<int>)open)() < 0 ? null : new Hdf5Api(library, version);
        }
    }

    public long OpenFile(string path, bool write) => Text(path, p => ((delegate* unmanaged<byte*, uint, long, long>)Export("H5Fopen"))(p, write ? 1u : 0u, Default));

    /// <summary>Creates a file, over one that is there.</summary>
    public long CreateFile(string path) => Text(path, p => ((delegate* unmanaged<byte*, uint, long, long, long>)Export("H5Fcreate"))(p, 2, Default, Default));

    public long OpenGroup(long place, string name) => Text(name, p => ((delegate* unmanaged<long, byte*, long, long>)Export("H5Gopen2"))(place, p, Default));

    public long OpenDataset(long place, string name, long access) => Text(name, p => ((delegate* unmanaged<long, byte*, long, long>)Export("H5Dopen2"))(place, p, access));

    /// <summary>Creates a dataset, and the groups before its name.</summary>
    public long CreateDataset(long place, string name, long type, long space, long creation) =>
        Text(name, p => ((delegate* unmanaged<long, byte*, long, long, long, long, long, long>)Export("H5Dcreate2"))(place, p, type, space, _withGroups, creation, Default));

    public long OpenAttribute(long place, string name) => Text(name, p => ((delegate* unmanaged<long, byte*, long, long>)Export("H5Aopen"))(place, p, Default));

    public long CreateAttribute(long place, string name, long type, long space) =>
        Text(name, p => ((delegate* unmanaged<long, byte*, long, long, long, long, long>)Export("H5Acreate2"))(place, p, type, space, Default, Default));

    public bool LinkExists(long place, string name) => Text(name, p => ((delegate* unmanaged<long, byte*, long, int>)Export("H5Lexists"))(place, p, Default)) > 0;

    public bool AttributeExists(long place, string name) => Text(name, p => ((delegate* unmanaged<long, byte*, int>)Export("H5Aexists"))(place, p)) > 0;

    /// <summary>The names below a group, in the order of the alphabet.</summary>
    public IReadOnlyList<string> NamesIn(long group)
    {
        var names = new List<string>();
        // Long enough for the information in any version, of which only the number of links, the second field, is read.
        var information = stackalloc long[8];
        if (((delegate* unmanaged<long, long*, int>)Export("H5Gget_info"))(group, information) < 0)
            return names;
        var nameByIndex = (delegate* unmanaged<long, byte*, int, int, ulong, byte*, nuint, long, nint>)Export("H5Lget_name_by_idx");
        var here = stackalloc byte[] { (byte)'.', 0 };
        var buffer = stackalloc byte[1024];
        for (var i = 0UL; i < (ulong)information[1]; i++)
        {
            var length = nameByIndex(group, here, 0, 0, i, buffer, 1024, Default);
            if (length > 0)
                names.Add(Encoding.UTF8.GetString(buffer, (int)Math.Min(length, 1023)));
        }
        return names;
    }

    public long SpaceOf(long dataset) => One("H5Dget_space", dataset);

    public long SpaceOfAttribute(long attribute) => One("H5Aget_space", attribute);

    public long TypeOfDataset(long dataset) => One("H5Dget_type", dataset);

    public long TypeOfAttribute(long attribute) => One("H5Aget_type", attribute);

    /// <summary>The class of a type: 0 integer, 1 floating point, 3 text, 6 compound.</summary>
    public int ClassOf(long type) => ((delegate* unmanaged<long, int>)Export("H5Tget_class"))(type);

    public int SizeOf(long type) => (int)((delegate* unmanaged<long, nuint>)Export("H5Tget_size"))(type);

    public bool IsVariableText(long type) => ((delegate* unmanaged<long, int>)Export("H5Tis_variable_str"))(type) > 0;

    /// <summary>A type of text of a fixed number of bytes, filled up with zeros as NumPy's are.</summary>
    public long TextType(int size)
    {
        var type = One("H5Tcopy", CString);
        ((delegate* unmanaged<long, nuint, int>)Export("H5Tset_size"))(type, (nuint)Math.Max(1, size));
        ((delegate* unmanaged<long, int, int>)Export("H5Tset_strpad"))(type, 1);
        return type;
    }

    /// <summary>Extents of a space; null if it has none.</summary>
    public ulong[]? ExtentsOf(long space)
    {
        var rank = ((delegate* unmanaged<long, int>)Export("H5Sget_simple_extent_ndims"))(space);
        if (rank < 0)
            return null;
        var extents = new ulong[rank];
        fixed (ulong* p = extents)
            return ((delegate* unmanaged<long, ulong*, ulong*, int>)Export("H5Sget_simple_extent_dims"))(space, p, null) < 0 ? null : extents;
    }

    /// <summary>A space of given extents that may grow to <paramref name="largest"/>.</summary>
    public long CreateSpace(ReadOnlySpan<ulong> extents, ReadOnlySpan<ulong> largest)
    {
        fixed (ulong* p = extents, q = largest)
            return ((delegate* unmanaged<int, ulong*, ulong*, long>)Export("H5Screate_simple"))(extents.Length, p, largest.IsEmpty ? null : q);
    }

    /// <summary>A space of one element.</summary>
    public long CreateScalar() => ((delegate* unmanaged<int, long>)Export("H5Screate"))(0);

    public bool Select(long space, ReadOnlySpan<ulong> start, ReadOnlySpan<ulong> count)
    {
        fixed (ulong* p = start, q = count)
            return ((delegate* unmanaged<long, int, ulong*, ulong*, ulong*, ulong*, int>)Export("H5Sselect_hyperslab"))(space, 0, p, null, q, null) >= 0;
    }

    public bool Read<T>(long dataset, long type, long memorySpace, long fileSpace, Span<T> target)
        where T : unmanaged
    {
        fixed (T* p = target)
            return ((delegate* unmanaged<long, long, long, long, long, void*, int>)Export("H5Dread"))(dataset, type, memorySpace, fileSpace, Default, p) >= 0;
    }

    public bool Write<T>(long dataset, long type, long memorySpace, long fileSpace, ReadOnlySpan<T> source)
        where T : unmanaged
    {
        fixed (T* p = source)
            return ((delegate* unmanaged<long, long, long, long, long, void*, int>)Export("H5Dwrite"))(dataset, type, memorySpace, fileSpace, Default, p) >= 0;
    }

    public bool ReadAttribute<T>(long attribute, long type, Span<T> target)
        where T : unmanaged
    {
        fixed (T* p = target)
            return ((delegate* unmanaged<long, long, void*, int>)Export("H5Aread"))(attribute, type, p) >= 0;
    }

    /// <summary>A text of any length, as Python writes it; null if it cannot be read.</summary>
    public string? ReadVariableText(long attribute, long type)
    {
        var pointer = new nint[1];
        if (!ReadAttribute<nint>(attribute, type, pointer) || pointer[0] == 0)
            return null;
        var text = Marshal.PtrToStringUTF8(pointer[0]);
        ((delegate* unmanaged<nint, int>)Export("H5free_memory"))(pointer[0]);
        return text;
    }

    public bool WriteAttribute<T>(long attribute, long type, ReadOnlySpan<T> source)
        where T : unmanaged
    {
        fixed (T* p = source)
            return ((delegate* unmanaged<long, long, void*, int>)Export("H5Awrite"))(attribute, type, p) >= 0;
    }

    public bool Resize(long dataset, ReadOnlySpan<ulong> extents)
    {
        fixed (ulong* p = extents)
            return ((delegate* unmanaged<long, ulong*, int>)Export("H5Dset_extent"))(dataset, p) >= 0;
    }

    public long CreateProperties(long @class) => One("H5Pcreate", @class);

    public bool SetCache(long access, long bytes) =>
        ((delegate* unmanaged<long, nuint, nuint, double, int>)Export("H5Pset_chunk_cache"))(access, 12421, (nuint)bytes, 1) >= 0;

    public bool SetChunks(long creation, ReadOnlySpan<ulong> extents)
    {
        fixed (ulong* p = extents)
            return ((delegate* unmanaged<long, int, ulong*, int>)Export("H5Pset_chunk"))(creation, extents.Length, p) >= 0;
    }

    public bool SetDeflate(long creation, uint level) => ((delegate* unmanaged<long, uint, int>)Export("H5Pset_deflate"))(creation, level) >= 0;

    /// <summary>Keeps the times of creation and change out of the file, so that the same content gives the same bytes.</summary>
    public bool OmitTimes(long creation) => ((delegate* unmanaged<long, byte, int>)Export("H5Pset_obj_track_times"))(creation, 0) >= 0;

    /// <summary>Extents of a dataset's chunks; null if it is stored in one piece.</summary>
    public ulong[]? ChunksOf(long dataset, int rank)
    {
        var creation = One("H5Dget_create_plist", dataset);
        var extents = new ulong[rank];
        fixed (ulong* p = extents)
        {
            var isChunked = ((delegate* unmanaged<long, int, ulong*, int>)Export("H5Pget_chunk"))(creation, rank, p) == rank;
            Close("H5Pclose", creation);
            return isChunked ? extents : null;
        }
    }

    /// <summary>Closes what an identifier stands for; nothing for one that failed to open.</summary>
    /// <returns>Whether it worked; a file is written out in full only then.</returns>
    public bool Close(string function, long identifier) => identifier < 0 || ((delegate* unmanaged<long, int>)Export(function))(identifier) >= 0;

    /// <summary>What the library says of the last failure: the innermost reason, and below what it was doing.</summary>
    public string LastError()
    {
        var lines = new List<string>();
        var handle = GCHandle.Alloc(lines);
        _walkErrors(Default, 0, &Collect, GCHandle.ToIntPtr(handle));
        handle.Free();
        ((delegate* unmanaged<long, int>)Export("H5Eclear2"))(Default);
        return lines.Count == 0 ? "the HDF5 library gives no reason" : lines[0];
    }

    [UnmanagedCallersOnly]
    private static int Collect(uint number, Hdf5ErrorEntry* entry, nint list)
    {
        ((List<string>)GCHandle.FromIntPtr(list).Target!).Add(Marshal.PtrToStringUTF8(entry->Description) ?? "");
        return 0;
    }

    private long One(string function, long argument) => ((delegate* unmanaged<long, long>)Export(function))(argument);

    private delegate T WithText<T>(byte* text);

    private static T Text<T>(string text, WithText<T> action)
    {
        fixed (byte* p = Encoding.UTF8.GetBytes(text + "\0"))
            return action(p);
    }

    private long TypeOf(string variable) => NativeLibrary.TryGetExport(_library, variable, out var address) ? *(long*)address : Failed;

    private nint Export(string function) => NativeLibrary.GetExport(_library, function);
}

/// <summary>The library's record of one failure, as H5E_error2_t lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Hdf5ErrorEntry
{
    public long Class;
    public long Major;
    public long Minor;
    public uint Line;
    public nint Function;
    public nint File;
    public nint Description;
}
