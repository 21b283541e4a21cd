using Google.Protobuf;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>What a node was asked, with what the portal asserted.</summary>
internal sealed record NodeRequest(Guid NodeId, IMessage Message, string[] Permissions);
