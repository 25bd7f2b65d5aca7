//! Each practice's data keys: made with the practice, unwrapped once, kept in memory.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use diesel::prelude::*;
use domain::ids::PracticeId;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    StoreError, Tx, View,
    columns::AsText,
    conn::Conn,
    schema::practice_keys,
    seal::{DataKeys, Key, MasterKeys, Place, SealError, random},
};

/// The master keys and the data keys they opened.
pub(crate) struct Keyring {
    master: RwLock<MasterKeys>,
    /// Reads the master keys again, for when another process has rotated them.
    reload: Box<dyn Fn() -> Option<MasterKeys> + Send + Sync>,
    opened: RwLock<HashMap<PracticeId, Arc<DataKeys>>>,
}

impl Keyring {
    pub(crate) fn new(master: MasterKeys, reload: Box<dyn Fn() -> Option<MasterKeys> + Send + Sync>) -> Self {
        Self { master: RwLock::new(master), reload, opened: RwLock::default() }
    }

    /// The practice's data keys, one of which is needed to have this number.
    pub(crate) fn of(
        &self,
        conn: &mut Conn,
        practice: PracticeId,
        number: Option<u32>,
    ) -> Result<Arc<DataKeys>, StoreError> {
        let known = self.opened.read().unwrap_or_else(PoisonError::into_inner).get(&practice).cloned();
        if let Some(keys) = known.filter(|keys| number.is_none_or(|number| keys.has(number))) {
            return Ok(keys);
        }
        let keys = Arc::new(DataKeys::new(practice, self.unwrap_all(conn, practice)?));
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        opened.insert(practice, Arc::clone(&keys));
        Ok(keys)
    }

    /// What a text is counted under where there may be no practice.
    pub(crate) fn blind_index(&self, purpose: &str, text: &str) -> Result<String, StoreError> {
        let master = self.master.read().unwrap_or_else(PoisonError::into_inner);
        Ok(master.blind_index(purpose, text)?)
    }

    fn unwrap_all(&self, conn: &mut Conn, practice: PracticeId) -> Result<Vec<(u32, Key)>, StoreError> {
        let rows: Vec<(i32, String, Vec<u8>)> = practice_keys::table
            .filter(practice_keys::practice_id.eq(AsText(practice)))
            .select((practice_keys::number, practice_keys::master_key, practice_keys::wrapped))
            .load(conn)?;
        rows.into_iter().map(|(number, master, wrapped)| self.unwrap(practice, number, &master, &wrapped)).collect()
    }

    fn unwrap(
        &self,
        practice: PracticeId,
        number: i32,
        master: &str,
        wrapped: &[u8],
    ) -> Result<(u32, Key), StoreError> {
        let number = u32::try_from(number).map_err(|_| StoreError::Corrupt("practice_keys.number"))?;
        let known = self.master.read().unwrap_or_else(PoisonError::into_inner).unwrap(practice, master, wrapped);
        match known {
            Err(SealError::NoMasterKey(_)) => {
                if let Some(read_again) = (self.reload)() {
                    *self.master.write().unwrap_or_else(PoisonError::into_inner) = read_again;
                }
                let master_keys = self.master.read().unwrap_or_else(PoisonError::into_inner);
                Ok((number, master_keys.unwrap(practice, master, wrapped)?))
            }
            known => Ok((number, known?)),
        }
    }
}

/// Gives the caller's practice its next data key: the first when it is made, a newer one when data keys rotate.
pub(crate) fn add(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let practice = tx.caller().practice;
    let newest: Option<i32> = practice_keys::table
        .filter(practice_keys::practice_id.eq(AsText(practice)))
        .select(diesel::dsl::max(practice_keys::number))
        .first(tx.conn())?;
    let number = newest.unwrap_or(0) + 1;
    let key = random::<32>()?;
    let sealed_number = u32::try_from(number).map_err(|_| StoreError::Corrupt("practice_keys.number"))?;
    let keyring = tx.keyring();
    let master = keyring.master.read().unwrap_or_else(PoisonError::into_inner);
    let wrapped = master.wrap(practice, sealed_number, &key)?;
    let master_key = master.newest().to_owned();
    drop(master);
    let made_at = tx.now().naive_utc();
    diesel::insert_into(practice_keys::table)
        .values((
            practice_keys::practice_id.eq(AsText(practice)),
            practice_keys::number.eq(number),
            practice_keys::master_key.eq(master_key),
            practice_keys::wrapped.eq(wrapped),
            practice_keys::made_at.eq(made_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Wraps the practice's data keys with the newest master key. What they seal stays as it is.
pub(crate) fn rewrap(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let practice = tx.caller().practice;
    let keyring = tx.keyring();
    for (number, key) in keyring.unwrap_all(tx.conn(), practice)? {
        let master = keyring.master.read().unwrap_or_else(PoisonError::into_inner);
        let wrapped = master.wrap(practice, number, &key)?;
        let master_key = master.newest().to_owned();
        drop(master);
        let number = i32::try_from(number).map_err(|_| StoreError::Corrupt("practice_keys.number"))?;
        diesel::update(practice_keys::table.find((AsText(practice), number)))
            .set((practice_keys::wrapped.eq(wrapped), practice_keys::master_key.eq(master_key)))
            .execute(tx.conn())?;
    }
    Ok(())
}

impl View<'_> {
    /// Seals what was told in confidence, for its place.
    pub(crate) fn seal<T: Serialize>(&mut self, place: Place, told: &T) -> Result<Vec<u8>, StoreError> {
        let plain = serde_json::to_vec(told).map(Zeroizing::new).map_err(|_| StoreError::Corrupt(place.column))?;
        Ok(self.data_keys(None)?.seal(place, &plain)?)
    }

    /// Opens what was sealed for this place.
    pub(crate) fn open<T: DeserializeOwned>(&mut self, place: Place, sealed: &[u8]) -> Result<T, StoreError> {
        let number = crate::seal::key_number(sealed)?;
        let plain = self.data_keys(Some(number))?.open(place, sealed)?;
        serde_json::from_slice(&plain).map_err(|_| StoreError::Corrupt(place.column))
    }

    /// Seals bytes as they are, for their place.
    pub(crate) fn seal_bytes(&mut self, place: Place, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(self.data_keys(None)?.seal(place, bytes)?)
    }

    /// Opens bytes that were sealed for this place.
    pub(crate) fn open_bytes(&mut self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let number = crate::seal::key_number(sealed)?;
        Ok(self.data_keys(Some(number))?.open(place, sealed)?.to_vec())
    }

    /// What a sealed value is looked up by: the same for the same text in the same practice, and telling nothing else.
    pub(crate) fn blind_index(&mut self, purpose: &str, text: &str) -> Result<String, StoreError> {
        let keys = self.data_keys(None)?;
        crate::seal::blind_index(keys.first()?, purpose, text).ok_or(StoreError::Corrupt("practice_keys.wrapped"))
    }

    fn data_keys(&mut self, number: Option<u32>) -> Result<Arc<DataKeys>, StoreError> {
        let practice = self.caller().practice;
        let keyring = self.keyring();
        keyring.of(self.conn(), practice, number)
    }
}
