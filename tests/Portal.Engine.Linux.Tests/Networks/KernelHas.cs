using System.Net.Sockets;
using System.Runtime.InteropServices;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>What kernels differ in, found out without the code under test. What is a module is loaded by that.</summary>
internal static class KernelHas
{
    /// <summary>IPPROTO_SCTP, of which .NET knows no name.</summary>
    public const ProtocolType SctpProtocol = (ProtocolType)132;

    private const int FamilyIpv4 = 2;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;

    public static bool Vlan { get; } = HasLink("vlan", "id", "10");

    public static bool Ipvlan { get; } = HasLink("ipvlan");

    public static Socket OpenSctp()
    {
        var descriptor = OpenSocket(FamilyIpv4, Stream | CloseOnExec, (int)SctpProtocol);
        return descriptor >= 0
            ? new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))
            : throw new SocketException((int)SocketError.ProtocolNotSupported);
    }

    // In a namespace that ends with the shell.
    private static bool HasLink(string kind, params string[] more)
    {
        const string Script = "ip link add name one type veth peer name two && exec ip link add link one name three type \"$@\"";
        var tried = Tool.TryRunAsync("unshare", ["--net", "sh", "-c", Script, "sh", kind, .. more]).GetAwaiter().GetResult();

        // Where a machine is known to have it, a test that settles for the refusal would hide that it does not work.
        return tried.ExitCode == 0 || !TestSettings.KernelFeatures.Contains(kind)
            ? tried.ExitCode == 0
            : throw new InvalidOperationException($"PORTAL_TEST_KERNEL says that this kernel has {kind}, which it refuses: {tried.Error}");
    }

    [DllImport("libc", EntryPoint = "socket")]
    private static extern int OpenSocket(int family, int type, int protocol);
}
