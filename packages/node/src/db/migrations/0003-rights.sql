-- Versions of passports are hashes on chain: what they say is kept here, to be shown there again.
alter table passport_versions add column document jsonb not null default '{}';
alter table passport_versions alter column document drop default;

alter table licenses
  add column inspect_until bigint, -- until when a delivered key can be disputed
  add column released_at bigint, -- when its price was split, null before
  add column revenue numeric not null default 0; -- what it brought, renewals included; a token may claim any amount
