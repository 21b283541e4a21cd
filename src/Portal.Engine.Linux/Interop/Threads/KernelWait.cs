using System.Runtime.InteropServices;
using Portal.Engine.Networks;

namespace Portal.Engine.Linux.Interop.Threads;

/// <summary>
/// Counts how long a call into the kernel does not run: from its making to its disposal, on one thread, without what the thread has had of a
/// processor meanwhile (clock_gettime(2), CLOCK_THREAD_CPUTIME_ID). Half a microsecond.
/// </summary>
internal readonly ref partial struct KernelWait
{
    private const int ThreadProcessorTime = 3;
    private const long NanosecondsPerTick = 100;

    private readonly long _begun;
    private readonly long _processor;

    private KernelWait(long begun, long processor)
    {
        _begun = begun;
        _processor = processor;
    }

    public static KernelWait Begin() => new(TimeProvider.System.GetTimestamp(), ProcessorTicks());

    public void Dispose() =>
        KernelWaits.Add(TimeProvider.System.GetElapsedTime(_begun) - new TimeSpan(ProcessorTicks() - _processor));

    private static long ProcessorTicks()
    {
        _ = Native.GetTime(ThreadProcessorTime, out var time);
        return (time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / NanosecondsPerTick);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "clock_gettime")]
        public static partial int GetTime(int clock, out Time time);
    }
}
