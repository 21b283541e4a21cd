using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Hosting;

/// <summary>
/// The C library's memory, which libraries and the runtime itself take: packet rules, compiled code, TLS. Of its own accord it has an arena
/// for each thread, up to eight a processor, and an arena keeps what it once grew to. That comes to more than all else of an engine, and to
/// more for days, as ever other threads happen to do the same work.
/// </summary>
public static partial class NativeHeap
{
    // mallopt(3).
    private const int MostArenas = -8;

    // More would save waiting only where many threads take native memory all the time, which none here does.
    private const int Shared = 2;

    /// <summary>Has all threads share two arenas. To be called before there are many threads: arenas that are made stay.</summary>
    public static void ShareArenas()
    {
        try
        {
            _ = Native.SetOption(MostArenas, Shared);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc: it has no arenas.
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "mallopt")]
        public static partial int SetOption(int option, int value);
    }
}
