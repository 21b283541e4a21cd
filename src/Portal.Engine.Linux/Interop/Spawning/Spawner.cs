using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop.Spawning;

/// <summary>
/// Starts programs with posix_spawn(3). <see cref="System.Diagnostics.Process"/> can't pass descriptors beyond the
/// standard three.
/// </summary>
/// <remarks>
/// The child gets exactly the descriptors asked for: all others are closed by closefrom, whether they carry
/// close-on-exec or not, so no
/// descriptor of ours can leak into a container (CVE-2024-21626). It gets its own session, default signal handlers
/// and an empty signal mask.
/// </remarks>
internal static unsafe partial class Spawner
{
    /// <summary>Descriptors to hand over must not be below this, so that putting one in place never overwrites another.</summary>
    public const int LowestSource = 64;

    private const string LibC = "libc";

    // glibc's posix_spawn_file_actions_t takes 80 bytes and posix_spawnattr_t 336 on 64-bit machines; both are opaque.
    private const int OpaqueSize = 512;
    private const int SignalSetSize = 128;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;
    private const int WriteCreateAppend = 0x1 | 0x40 | 0x400;
    private const int ReadWrite = 0x2;
    private const uint OwnerOnly = 0x180;

    /// <summary>Starts the program.</summary>
    /// <returns>Its process id. It is our child: someone must wait for it.</returns>
    /// <exception cref="FileCallException">It can't be started.</exception>
    public static int Spawn(SpawnRequest request)
    {
        var actions = stackalloc byte[OpaqueSize];
        var attributes = stackalloc byte[OpaqueSize];
        Check(Native.ActionsInit(actions), "prepare", request.Program);
        Check(Native.AttributesInit(attributes), "prepare", request.Program);
        try
        {
            AddActions(actions, request);
            SetAttributes(attributes, request.Program);
            string?[] arguments = [request.Program, .. request.Arguments, null];
            string?[] environment = [.. request.Environment, null];
            Check(
                Native.Spawn(out var processId, request.Program, actions, attributes, arguments, environment),
                "start",
                request.Program);
            return processId;
        }
        finally
        {
            _ = Native.ActionsDestroy(actions);
            _ = Native.AttributesDestroy(attributes);
        }
    }

    private static void AddActions(byte* actions, SpawnRequest request)
    {
        var program = request.Program;
        if (request.Terminal is { } terminal)
        {
            Check(Native.AddOpen(actions, 0, terminal, ReadWrite, 0), "redirect", program);
            Check(Native.AddDuplicate(actions, 0, 1), "redirect", program);
            Check(Native.AddDuplicate(actions, 0, 2), "redirect", program);
        }
        else
        {
            Check(
                request.Stdin >= 0 ? Native.AddDuplicate(actions, request.Stdin, 0) : Native.AddOpen(actions, 0, "/dev/null", 0, 0),
                "redirect",
                program);
            AddOutput(actions, 1, request.Stdout, null, program);
            AddOutput(actions, 2, request.Stderr, request.StderrPath, program);
        }

        var target = 3;
        foreach (var source in request.ExtraDescriptors)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(source, LowestSource);
            Check(Native.AddDuplicate(actions, source, target++), "redirect", program);
        }

        Check(Native.AddCloseFrom(actions, target), "close descriptors for", program);
        Check(Native.AddChangeFolder(actions, request.WorkingDirectory), "change folder for", program);
    }

    private static void AddOutput(byte* actions, int target, int source, string? path, string program)
    {
        var result = (path, source) switch
        {
            (not null, _) => Native.AddOpen(actions, target, path, WriteCreateAppend, OwnerOnly),
            (null, >= 0) => Native.AddDuplicate(actions, source, target),
            _ => Native.AddOpen(actions, target, "/dev/null", 1, 0),
        };
        Check(result, "redirect", program);
    }

    private static void SetAttributes(byte* attributes, string program)
    {
        var signals = stackalloc byte[SignalSetSize];
        new Span<byte>(signals, SignalSetSize).Clear();
        Check(Native.SetMask(attributes, signals), "set signals for", program);
        new Span<byte>(signals, SignalSetSize).Fill(0xff);
        Check(Native.SetDefaults(attributes, signals), "set signals for", program);
        Check(Native.SetFlags(attributes, SetSignalDefaults | SetSignalMask | SetSession), "set flags for", program);
    }

    private static void Check(int errorNumber, string what, string program)
    {
        if (errorNumber != 0)
        {
            throw new FileCallException(errorNumber, what, program);
        }
    }

    private static partial class Native
    {
        [LibraryImport(LibC, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Spawn(
            out int processId, string path, byte* actions, byte* attributes, string?[] arguments, string?[] environment);

        [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_init")]
        public static partial int ActionsInit(byte* actions);

        [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_destroy")]
        public static partial int ActionsDestroy(byte* actions);

        [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_adddup2")]
        public static partial int AddDuplicate(byte* actions, int source, int target);

        [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
        public static partial int AddOpen(byte* actions, int target, string path, int flags, uint mode);

        [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
        public static partial int AddCloseFrom(byte* actions, int from);

        [LibraryImport(LibC, EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
        public static partial int AddChangeFolder(byte* actions, string path);

        [LibraryImport(LibC, EntryPoint = "posix_spawnattr_init")]
        public static partial int AttributesInit(byte* attributes);

        [LibraryImport(LibC, EntryPoint = "posix_spawnattr_destroy")]
        public static partial int AttributesDestroy(byte* attributes);

        [LibraryImport(LibC, EntryPoint = "posix_spawnattr_setflags")]
        public static partial int SetFlags(byte* attributes, short flags);

        [LibraryImport(LibC, EntryPoint = "posix_spawnattr_setsigmask")]
        public static partial int SetMask(byte* attributes, byte* signals);

        [LibraryImport(LibC, EntryPoint = "posix_spawnattr_setsigdefault")]
        public static partial int SetDefaults(byte* attributes, byte* signals);
    }
}
