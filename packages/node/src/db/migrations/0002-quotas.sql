-- What one account keeps here without having paid for it.

-- Bytes of the draft's items as they came, so that nobody's quota is counted item by item.
alter table drafts add column kept_bytes bigint not null default 0;
update drafts set kept_bytes = coalesce((select sum(bytes) from items where draft_id = drafts.id), 0);
create index drafts_by_account on drafts (account);
create index items_unfinished on items (source) where status = 'unfinished';
create index assignments_held on assignments (account) where state = 'leased';
