using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace Portal.Agent.Telemetry;

/// <summary>Makes SignalR's client of one telemetry connection.</summary>
internal static class TelemetryConnection
{
    public static HubConnection Build(IConnectionFactory connections, ILoggerFactory loggers)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton(connections);
        builder.Services.AddSingleton<EndPoint>(new DnsEndPoint("portal", 1));
        builder.Services.AddSingleton(loggers);
        builder.AddJsonProtocol();
        var hub = builder.Build();
        hub.ServerTimeout = TimeSpan.FromSeconds(8);
        hub.KeepAliveInterval = TimeSpan.FromSeconds(2);
        hub.HandshakeTimeout = TimeSpan.FromSeconds(5);
        return hub;
    }
}
