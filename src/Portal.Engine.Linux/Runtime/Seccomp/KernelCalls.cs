using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Runtime.Seccomp;

/// <summary>Which further tables of system calls this kernel has.</summary>
internal static class KernelCalls
{
    private const string Unfiltered = "Seccomp:\t0";
    private static readonly Lazy<bool> s_mayHaveX32 = new(Look);

    /// <summary>False when it certainly lacks the calls of x32 (syscall(2), "x32"), as most do: built without them, or started without.</summary>
    public static bool MayHaveX32 => s_mayHaveX32.Value;

    // Only a call tells. Where this process is filtered itself (by systemd's SystemCallArchitectures=native, say), that call would end it.
    private static bool Look() => !File.ReadLines("/proc/self/status").Contains(Unfiltered) || ProcessCalls.HasX32();
}
