namespace Portal.Web.Features.Rest.Json;

/// <summary>
/// What an endpoint's body is, for the document. Not the framework's own: by that the routing would refuse a body of
/// another kind before anybody asked whether
/// whoever sends it may.
/// </summary>
internal sealed record RestBodyMetadata(Type Type);
