namespace Portal.Engine.Api.Networks.Models;

/// <summary>The answer of <c>POST /networks/create</c>.</summary>
internal sealed record NetworkCreateAnswer(string Id, string Warning);
