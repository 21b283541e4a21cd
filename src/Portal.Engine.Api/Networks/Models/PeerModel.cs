namespace Portal.Engine.Api.Networks.Models;

/// <summary>Another node of a network that spans nodes.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="IP">Its address.</param>
internal sealed record PeerModel(string Name, string IP);
