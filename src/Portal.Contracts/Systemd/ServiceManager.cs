using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Portal.Contracts.Systemd;

/// <summary>
/// The service manager that started this process, and what it wants to be told (sd_notify(3), sd_watchdog_enabled(3)): one datagram for each
/// message, to the socket that it named.
/// </summary>
/// <remarks>Any thread. Without a service manager there is none of these.</remarks>
public sealed class ServiceManager
{
    private readonly UnixDomainSocketEndPoint _address;

    private ServiceManager(string socket, TimeSpan? watchdog)
    {
        // A leading @ stands for the NUL of an abstract socket (unix(7)).
        _address = new UnixDomainSocketEndPoint(socket[0] == '@' ? "\0" + socket[1..] : socket);
        Watchdog = watchdog;
    }

    /// <summary>How long it waits for <see cref="TellAlive"/> before it takes this process for stuck and ends it.</summary>
    /// <value>Null when it does not watch.</value>
    public TimeSpan? Watchdog { get; }

    /// <summary>The one of this process.</summary>
    /// <returns>Null when nobody wants to be told.</returns>
    public static ServiceManager? FromEnvironment() => From(Environment.GetEnvironmentVariable, Environment.ProcessId);

    /// <summary>Reads <c>NOTIFY_SOCKET</c>, <c>WATCHDOG_USEC</c> and <c>WATCHDOG_PID</c>.</summary>
    /// <param name="read">Gives a variable's value, null where there is none.</param>
    /// <param name="processId">This process: the watchdog may be meant for another.</param>
    /// <returns>Null when nobody wants to be told.</returns>
    public static ServiceManager? From(Func<string, string?> read, int processId)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (read("NOTIFY_SOCKET") is not { Length: > 1 } socket || socket[0] is not ('/' or '@'))
        {
            return null;
        }

        var meant = read("WATCHDOG_PID") is not { Length: > 0 } pid || pid == processId.ToString(CultureInfo.InvariantCulture);
        var watched = long.TryParse(read("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && meant && microseconds is > 0 and < int.MaxValue * 1000L;
        return new ServiceManager(socket, watched ? TimeSpan.FromMicroseconds(microseconds) : null);
    }

    /// <summary>This service is up: what was ordered after it may start.</summary>
    /// <exception cref="SocketException">The service manager does not listen.</exception>
    public void TellReady() => Send("READY=1");

    /// <summary>This service ends by itself or because it was told to.</summary>
    /// <exception cref="SocketException">The service manager does not listen.</exception>
    public void TellStopping() => Send("STOPPING=1");

    /// <summary>This service works; to be told at least once in each <see cref="Watchdog"/>.</summary>
    /// <exception cref="SocketException">The service manager does not listen.</exception>
    public void TellAlive() => Send("WATCHDOG=1");

    private void Send(string message)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Connect(_address);
        socket.Send(Encoding.ASCII.GetBytes(message));
    }
}
