using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>A folder that is open without close-on-exec, low and high, as the one that CVE-2024-21626 got out through.</summary>
public sealed class Leak : IDisposable
{
    private const int DuplicateTo = 0;
    private readonly int _low;
    private readonly int _high;

    public Leak(string folder)
    {
        _low = Open(folder, 0x10000);
        _high = FileControl(_low, DuplicateTo, 300);
    }

    public void Dispose()
    {
        _ = Close(_low);
        _ = Close(_high);
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi)]
    private static extern int Open(string path, int flags);

    [DllImport("libc", EntryPoint = "fcntl")]
    private static extern int FileControl(int descriptor, int command, int argument);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
