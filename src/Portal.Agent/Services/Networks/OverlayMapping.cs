using Portal.Contracts.Networks.V1;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using EngineEndpoint = Portal.Engine.Networks.Overlay.OverlayEndpoint;
using EnginePeer = Portal.Engine.Networks.Overlay.OverlayPeer;
using EnginePort = Portal.Engine.Networks.Ingress.IngressPort;
using EngineState = Portal.Engine.Networks.Ingress.IngressState;
using EngineTable = Portal.Engine.Networks.Overlay.OverlayTable;
using EngineTarget = Portal.Engine.Networks.Ingress.IngressTarget;

namespace Portal.Agent.Services.Networks;

/// <summary>Between the engine's networks over nodes and the contract's. What is in range is the engine's to say.</summary>
internal static class OverlayMapping
{
    public static EngineTable ToTable(string id, OverlayTable table) => new(id, table.Version)
    {
        Peers = [.. table.Peers.Select(peer => new EnginePeer(peer.NodeAddress) { Endpoints = [.. peer.Endpoints.Select(ToEndpoint)] })],
        Ports = [.. table.Ports.Select(ToPort)],
    };

    public static OverlayEndpoint ToEndpoint(EngineEndpoint endpoint)
    {
        var told = new OverlayEndpoint
        {
            Address = endpoint.Address,
            MacAddress = endpoint.MacAddress,
            State = endpoint.State switch
            {
                EngineState.Ready => IngressState.Ready,
                EngineState.Leaving => IngressState.Leaving,
                _ => IngressState.Unspecified,
            },
        };
        told.Names.AddRange(endpoint.Names);
        told.Targets.AddRange(endpoint.Targets.Select(target => new IngressTarget
        {
            Protocol = NameOf(target.Protocol), Port = target.Port, TargetPort = target.TargetPort,
        }));
        return told;
    }

    public static EnginePort ToPort(IngressPort port) => new(ToProtocol(port.Protocol), port.Port);

    public static IngressPort ToPort(EnginePort port) => new() { Protocol = NameOf(port.Protocol), Port = port.Port };

    private static EngineEndpoint ToEndpoint(OverlayEndpoint endpoint) => new(endpoint.Address, endpoint.MacAddress)
    {
        Names = [.. endpoint.Names],
        Targets = [.. endpoint.Targets.Select(target => new EngineTarget(ToProtocol(target.Protocol), target.Port, target.TargetPort))],
        State = endpoint.State switch
        {
            IngressState.Ready => EngineState.Ready,
            IngressState.Leaving => EngineState.Leaving,
            _ => EngineState.None,
        },
    };

    private static PortProtocol ToProtocol(string name) => name switch
    {
        "tcp" => PortProtocol.Tcp,
        "udp" => PortProtocol.Udp,
        "sctp" => PortProtocol.Sctp,
        _ => throw EngineException.InvalidArgument($"'{name}' is no transport: tcp, udp and sctp are"),
    };

    private static string NameOf(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };
}
