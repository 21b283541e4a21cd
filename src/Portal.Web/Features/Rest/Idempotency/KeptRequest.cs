namespace Portal.Web.Features.Rest.Idempotency;

/// <summary>What is known of a key.</summary>
/// <param name="Hash">Of the request that it stands for.</param>
/// <param name="Answer">Null while that request is under way.</param>
internal sealed record KeptRequest(byte[] Hash, KeptAnswer? Answer);
