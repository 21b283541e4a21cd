using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Engine.Linux.Interop;

/// <summary>
/// Waits for names that appear in folders (inotify(7)) on a thread of its own. <see cref="FileSystemWatcher"/> is not
/// used: it takes an
/// inotify instance for every folder, of which a user has 128, and drops events when it can't keep up.
/// </summary>
internal sealed partial class Inotify : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const uint MovedTo = 0x80;
    private const uint CloseWrite = 0x8;
    private const uint Written = 0x2;
    private const uint Created = 0x100;
    private const uint OnlyFolder = 0x01000000;
    private const uint Overflow = 0x4000;
    private const uint Ignored = 0x8000;
    private const int HeaderSize = 16;
    private const short PollIn = 1;

    private readonly int _descriptor;
    private readonly int _stop;
    private readonly Action<int, string> _appeared;
    private readonly Action<int> _removed;
    private readonly Action _overflowed;
    private readonly Thread _thread;

    /// <param name="appeared">Called with a watch and a name that appeared in its folder.</param>
    /// <param name="removed">Called with a watch whose folder is gone.</param>
    /// <param name="overflowed">Called when events were lost: look at everything anew.</param>
    public Inotify(Action<int, string> appeared, Action<int> removed, Action overflowed)
    {
        _appeared = appeared;
        _removed = removed;
        _overflowed = overflowed;
        _descriptor = Native.InotifyInit(CloseOnExec);
        _stop = Native.EventDescriptor(0, CloseOnExec);
        if (_descriptor < 0 || _stop < 0)
        {
            throw FileCalls.Failure("watch", "inotify");
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "inotify" };
        _thread.Start();
    }

    /// <summary>Watches a folder for files that are finished: closed after a write, or renamed to there.</summary>
    /// <returns>The watch's number, or -1 when there is no such folder.</returns>
    public int Add(string folder) => Add(folder, MovedTo | CloseWrite | OnlyFolder);

    /// <summary>
    /// Watches a folder for every write to its files as well. A folder that is watched already keeps its number.
    /// </summary>
    /// <returns>The watch's number, or -1 when there is no such folder.</returns>
    public int AddWithWrites(string folder) => Add(folder, MovedTo | Written | Created | OnlyFolder);

    /// <summary>Ends a watch. Does nothing when its folder is gone.</summary>
    public void Remove(int watch) => _ = Native.RemoveWatch(_descriptor, watch);

    private int Add(string folder, uint events)
    {
        var watch = Native.AddWatch(_descriptor, folder, events);
        if (watch < 0 && Marshal.GetLastPInvokeError() is not (Errno.NoEntry or Errno.NotFolder))
        {
            throw FileCalls.Failure("watch", folder);
        }

        return watch;
    }

    public void Dispose()
    {
        Native.Write(_stop, 1UL, sizeof(ulong));
        _thread.Join();
        ProcessCalls.Close(_descriptor);
        ProcessCalls.Close(_stop);
    }

    private void Run()
    {
        var buffer = new byte[64 * 1024];
        var polled = new PollEntry[] { new() { Descriptor = _descriptor, Events = PollIn }, new() { Descriptor = _stop, Events = PollIn } };
        while (true)
        {
            if (Native.Poll(polled, 2, -1) < 0)
            {
                continue;
            }

            if (polled[1].Returned != 0)
            {
                return;
            }

            var read = (int)Native.Read(_descriptor, buffer, (nuint)buffer.Length);
            Dispatch(buffer.AsSpan(0, Math.Max(read, 0)));
        }
    }

    private void Dispatch(ReadOnlySpan<byte> events)
    {
        // struct inotify_event: int wd, uint mask, uint cookie, uint len, char name[len]
        while (events.Length >= HeaderSize)
        {
            var watch = BinaryPrimitives.ReadInt32LittleEndian(events);
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
            var length = BinaryPrimitives.ReadInt32LittleEndian(events[12..]);
            var name = Encoding.UTF8.GetString(events.Slice(HeaderSize, length)).TrimEnd('\0');
            events = events[(HeaderSize + length)..];
            switch (mask)
            {
                case var _ when (mask & Overflow) != 0:
                    _overflowed();
                    break;
                case var _ when (mask & Ignored) != 0:
                    _removed(watch);
                    break;
                default:
                    _appeared(watch, name);
                    break;
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
        public static partial int InotifyInit(int flags);

        [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int AddWatch(int descriptor, string path, uint mask);

        [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
        public static partial int RemoveWatch(int descriptor, int watch);

        [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
        public static partial int EventDescriptor(uint initial, int flags);

        [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
        public static partial int Poll([In, Out] PollEntry[] entries, nuint count, int timeout);

        [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
        public static partial nint Read(int descriptor, [Out] byte[] buffer, nuint count);

        [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
        public static partial nint Write(int descriptor, in ulong value, nuint count);
    }
}
