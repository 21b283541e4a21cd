using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Host;

/// <summary>
/// Holds ports by bound sockets that never listen: the firewall takes the packets before any socket sees them, and when its
/// rules are gone a client is refused rather than left waiting. System.Net.Sockets sets SO_REUSEADDR on its own, which would
/// let another process share the port.
/// </summary>
internal sealed partial class LinuxHostPorts : IHostPorts
{
    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";

    private readonly Lazy<(int First, int Last)> _randomRange = new(ReadRange);

    public (int First, int Last) RandomRange => _randomRange.Value;

    public IDisposable? TryHold(PortProtocol protocol, IPAddress address, int port)
    {
        var handle = Open(protocol, address);
        if (handle is null)
        {
            // A kernel without SCTP has no process that could take the port.
            return NoHold.Instance;
        }

        if (Bind(handle, address, port) == 0)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error switch
        {
            Errno.AddressInUse when protocol == PortProtocol.Tcp => TryHoldBesideOldConnections(address, port),
            Errno.AddressInUse => null,
            Errno.AddressNotAvailable => throw EngineException.InvalidArgument(
                $"failed to bind host port {address}:{port}: cannot assign requested address. "
                + $"This host does not have the address {address}."),
            _ when address.Equals(IPAddress.IPv6Any) && !Directory.Exists("/proc/sys/net/ipv6") => NoHold.Instance,
            _ => throw new EngineException(
                EngineErrorKind.Unavailable,
                $"failed to bind host port {address}:{port}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})"),
        };
    }

    /// <summary>
    /// Connections of a server that ended linger for a minute (TIME_WAIT), and a plain bind fails for them. With
    /// SO_REUSEADDR it succeeds; listening then tells whether someone else still listens, and keeps others out.
    /// </summary>
    private static SafeFileHandle? TryHoldBesideOldConnections(IPAddress address, int port)
    {
        const int socketLevel = 1;
        const int reuseAddress = 2;
        var handle = Open(PortProtocol.Tcp, address)!;
        var enable = 1;
        if (Native.SetOption(handle, socketLevel, reuseAddress, in enable, sizeof(int)) == 0
            && Bind(handle, address, port) == 0
            && Native.Listen(handle, 0) == 0)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }

    private static SafeFileHandle? Open(PortProtocol protocol, IPAddress address)
    {
        const int closeOnExec = 0x80000;
        var (type, number) = protocol switch
        {
            PortProtocol.Udp => (2, 17),
            PortProtocol.Sctp => (1, 132),
            _ => (1, 6),
        };
        var handle = Native.Socket(FamilyOf(address), type | closeOnExec, number);
        if (!handle.IsInvalid)
        {
            return address.AddressFamily == AddressFamily.InterNetworkV6 ? OnlyIpv6(handle) : handle;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error is Errno.ProtocolNotSupported or Errno.SocketTypeNotSupported && protocol == PortProtocol.Sctp
            ? null
            : throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Opening a socket to hold a port failed: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})");
    }

    private static int Bind(SafeFileHandle handle, IPAddress address, int port)
    {
        // struct sockaddr_in (ip(7)): family, port and address in network order, 8 bytes of nothing.
        // struct sockaddr_in6 (ipv6(7)): family, port, flow, address, scope.
        var isIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        Span<byte> socketAddress = stackalloc byte[isIpv6 ? 28 : 16];
        socketAddress.Clear();
        socketAddress[0] = (byte)FamilyOf(address);
        BinaryPrimitives.WriteUInt16BigEndian(socketAddress[2..], (ushort)port);
        address.TryWriteBytes(socketAddress[(isIpv6 ? 8 : 4)..], out _);
        return Native.Bind(handle, socketAddress, socketAddress.Length);
    }

    /// <summary>The same port of IPv4 is somebody else's to hold.</summary>
    private static SafeFileHandle OnlyIpv6(SafeFileHandle handle)
    {
        const int ipv6Level = 41;
        const int only = 26;
        var enable = 1;
        _ = Native.SetOption(handle, ipv6Level, only, in enable, sizeof(int));
        return handle;
    }

    private static int FamilyOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? 10 : 2;

    private static (int First, int Last) ReadRange()
    {
        var parts = File.ReadAllText(RangeFile).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private sealed class NoHold : IDisposable
    {
        public static readonly NoHold Instance = new();

        public void Dispose()
        {
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
        public static partial SafeFileHandle Socket(int family, int type, int protocol);

        [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
        public static partial int Bind(SafeFileHandle socket, ReadOnlySpan<byte> address, int length);

        [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
        public static partial int Listen(SafeFileHandle socket, int backlog);

        [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
        public static partial int SetOption(SafeFileHandle socket, int level, int option, in int value, int length);
    }
}
