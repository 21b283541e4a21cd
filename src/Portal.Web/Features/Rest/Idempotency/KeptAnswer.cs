namespace Portal.Web.Features.Rest.Idempotency;

/// <summary>What a request was answered, to be answered again.</summary>
/// <param name="Status">The status.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Location">Where what was made is; empty for nowhere.</param>
/// <param name="Body">Empty for none.</param>
internal sealed record KeptAnswer(int Status, string ContentType, string Location, byte[] Body);
